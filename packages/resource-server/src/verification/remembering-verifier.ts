import { type Awaitable, andThen } from '../awaitable.ts';
import { isRefusal, type Refusal, verificationUnavailable } from '../refusal/refusals.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { Principal } from './principal.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { createVerifiedTokens, digestOf } from './verified-tokens.ts';

export interface RememberingOptions {
  readonly verify: TokenVerifier;
  readonly keys: IssuerKeys;
  readonly maxEntries: number;
  /** Seconds since the epoch. */
  readonly nowSeconds: () => number;
}

interface KnownDigest {
  readonly token: string;
  readonly digest: string;
}

/**
 * Verifies each token once. Keys that are gone, or were not seen for too long, end what was verified with them.
 *
 * NOTE: digests are remembered too, since to make one takes longer than everything else that a known token needs: those of
 * good tokens only, so that bad ones take no room. They are found by the end of the token and count for the whole of it
 * only: another token with the same end is no acquaintance.
 */
export function rememberingVerifier({ verify, keys, maxEntries, nowSeconds }: RememberingOptions): TokenVerifier {
  const kept = createVerifiedTokens({ maxEntries, nowSeconds });
  const digests = new Map<string, KnownDigest>();

  function find(token: string): Awaitable<Principal | Refusal> {
    const before = digests.get(tailOf(token));
    const digest = before?.token === token ? before.digest : digestOf(token);
    const revision = keys.revision();
    const known = kept.find(digest, revision);
    if (!known) return verifyAndKeep(token, digest, revision);
    if (before?.token !== token) rememberDigest(token, digest);
    return known;
  }

  async function verifyAndKeep(token: string, digest: string, revision: number): Promise<Principal | Refusal> {
    const principal = await verify(token);
    if (!isRefusal(principal)) kept.keep(digest, revision, principal, principal.claims.exp);
    return principal;
  }

  function rememberDigest(token: string, digest: string) {
    if (digests.size >= maxEntries) digests.clear();
    digests.set(tailOf(token), { token, digest });
  }

  return (token) =>
    andThen(keys.ready(), (ready) =>
      ready ? find(token) : verificationUnavailable(Math.max(1, Math.ceil(keys.retryInMs() / 1000))),
    );
}

/** Of the signature, so that hardly two are alike. NOTE: a map reads the whole of its keys, and tokens are long. */
function tailOf(token: string): string {
  return token.slice(-24);
}

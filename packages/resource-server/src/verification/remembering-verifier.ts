import { andThen } from '../awaitable.ts';
import { isRefusal, type Refusal, verificationUnavailable } from '../refusal/refusals.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { Principal } from './principal.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface RememberingOptions {
  readonly verify: TokenVerifier;
  readonly keys: IssuerKeys;
  readonly maxEntries: number;
  /** Seconds since the epoch. */
  readonly nowSeconds: () => number;
}

/** Verifies each token once. Keys that are gone, or were not seen for too long, end what was verified with them. */
export function rememberingVerifier({ verify, keys, maxEntries, nowSeconds }: RememberingOptions): TokenVerifier {
  const kept = createVerifiedTokens({ maxEntries, nowSeconds });

  async function verifyAndKeep(token: string, revision: number): Promise<Principal | Refusal> {
    const principal = await verify(token);
    if (!isRefusal(principal)) kept.keep(token, revision, principal, principal.claims.exp);
    return principal;
  }

  return (token) =>
    andThen(keys.ready(), (ready) => {
      if (!ready) return verificationUnavailable(Math.max(1, Math.ceil(keys.retryInMs() / 1000)));
      return kept.find(token, keys.revision()) ?? verifyAndKeep(token, keys.revision());
    });
}

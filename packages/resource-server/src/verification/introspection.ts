import { invalidToken, isRefusal, type Refusal, tokenExpired, verificationUnavailable } from '../refusal/refusals.ts';
import type { FetchJson } from './fetched-json.ts';
import { discoverIssuer } from './issuer-metadata.ts';
import type { IntrospectionOptions, IssuerSettings } from './issuer-options.ts';
import { type Principal, toPrincipal } from './principal.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface IntrospectionSetup {
  readonly settings: IssuerSettings & { readonly introspection: IntrospectionOptions };
  readonly fetchJson: FetchJson;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFailure?: (cause: unknown) => void;
}

const cacheEntries = 10_000;
/** Questions at the same time; a flood of made-up tokens must not become one at the issuer. */
const mostAtOnce = 100;
/** After a question that had no answer, in milliseconds. */
const pauseMs = 1_000;

/**
 * Verifies opaque tokens by asking their issuer (RFC 7662), one question at a time for each token. An answer is believed
 * only if it says that the token is active, not over, of this issuer, and meant for this API: a token of another API, or
 * a refresh token, may be active too.
 *
 * NOTE: answers are kept per issuer, endpoint, client and audience, since each introspection has a cache of its own; what
 * is kept is who the token speaks for, and whether that is enough is decided in each request.
 */
export function createIntrospection(setup: IntrospectionSetup): TokenVerifier {
  const { settings, fetchJson, clockToleranceSeconds, now, onFailure } = setup;
  const { clientId, clientSecret, cacheSeconds = 0 } = settings.introspection;
  const nowSeconds = () => now() / 1000;
  const kept = createVerifiedTokens({ maxEntries: cacheEntries, nowSeconds });
  const underWay = new Map<string, Promise<Principal | Refusal>>();
  let endpoint: Promise<string> | undefined;
  let failedAt: number | undefined;

  async function findEndpoint(): Promise<string> {
    const { endpoint: given } = settings.introspection;
    const found = given ?? (await discoverIssuer(settings.issuer, fetchJson)).introspection_endpoint;
    if (found === undefined) throw new Error('the issuer metadata has no usable introspection_endpoint');
    return found;
  }

  async function ask(token: string): Promise<Answer> {
    endpoint ??= findEndpoint();
    const address = await endpoint;
    const { json } = await fetchJson(address, {
      method: 'POST',
      headers: { authorization: basicCredentials(clientId, clientSecret) },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    });
    if (!isAnswer(json)) throw new Error(`no introspection answer at ${address}`);
    return json;
  }

  /** NOTE: absolute, so that a clock set back does not stretch it. */
  const pausing = () => failedAt !== undefined && Math.abs(now() - failedAt) < pauseMs;

  async function verify(token: string): Promise<Principal | Refusal> {
    try {
      const principal = principalOf(await ask(token), token, settings, {
        at: nowSeconds(),
        tolerance: clockToleranceSeconds,
      });
      if (!isRefusal(principal) && cacheSeconds > 0)
        kept.keep(token, 0, principal, Math.min(principal.claims.exp, nowSeconds() + cacheSeconds));
      return principal;
    } catch (error) {
      endpoint = undefined;
      // NOTE: told once, however many were waiting.
      if (!pausing()) onFailure?.(error);
      failedAt = now();
      return verificationUnavailable(1, error);
    }
  }

  return async (token) => {
    // RFC 6750, section 2.1: nothing else can be a token, so nobody need be asked.
    if (!/^[\w.~+/-]+=*$/.test(token)) return invalidToken('not a token');
    const known = kept.find(token, 0);
    if (known) return known;
    if (!underWay.has(token) && (pausing() || underWay.size >= mostAtOnce)) return verificationUnavailable(1);
    const asked = underWay.get(token) ?? verify(token).finally(() => underWay.delete(token));
    underWay.set(token, asked);
    return asked;
  };
}

type Answer = Readonly<Record<string, unknown>> & { readonly active: boolean };

function isAnswer(json: unknown): json is Answer {
  return typeof json === 'object' && json !== null && typeof (json as Answer).active === 'boolean';
}

function principalOf(
  answer: Answer,
  token: string,
  { issuer, audiences, claimNames }: IssuerSettings,
  { at, tolerance }: { readonly at: number; readonly tolerance: number },
): Principal | Refusal {
  if (!answer.active) return invalidToken('not active');
  const { iss = issuer, aud, token_type, nbf } = answer;
  if (iss !== issuer) return invalidToken('of another issuer');
  if (!(Array.isArray(aud) ? aud : [aud]).some((each) => audiences.includes(each)))
    return invalidToken('not for this API');
  if (token_type !== undefined && !/^(bearer|dpop)$/i.test(String(token_type))) return invalidToken('no access token');
  const principal = toPrincipal({ ...answer, iss }, token, claimNames);
  if ('malformed' in principal) return invalidToken(`malformed claim: ${principal.malformed}`);
  if (principal.claims.exp <= at - tolerance) return tokenExpired('over');
  if (typeof nbf === 'number' && nbf > at + tolerance) return invalidToken('not yet valid');
  return principal;
}

/** RFC 6749, section 2.3.1: both parts form-urlencoded before they are joined. */
function basicCredentials(id: string, secret: string): string {
  const encoded = [id, secret].map((part) => new URLSearchParams({ x: part }).toString().slice(2));
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

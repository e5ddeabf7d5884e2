import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { createAllowance } from './allowance.ts';
import { discoverJwksUri, type FetchJson } from './issuer-metadata.ts';

export interface IssuerKeysOptions {
  readonly issuer: string;
  readonly fetchJson: FetchJson;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFailure?: (cause: unknown) => void;
}

export interface IssuerKeys {
  /** Whether there are keys to verify with; loads them when there are none. Never rejects. */
  ready(): Promise<boolean>;
  /** The key of one token, for jose. Rejects when there is none. */
  readonly find: JWTVerifyGetKey;
}

const minute = 60_000;
/** Keys this old are loaded again, beside the requests that still use them. */
const freshForMs = 10 * minute;
/** Keys this old are no longer trusted, however long the issuer is away. */
const servedForMs = 60 * minute;
/** The pause after a load that failed. */
const retryAfterMs = 1_000;

/**
 * The issuer's verification keys (RFC 7517). They are found at the first token, not at the start, so that the API can
 * start before its issuer; the last good ones keep serving for an hour while the issuer is away.
 *
 * NOTE: jose's own `createRemoteJWKSet` fails every request once its copy is old and the issuer does not answer, and
 * counts its pause from the last success only, so that during an outage each unknown `kid` is a request to the issuer.
 */
export function createIssuerKeys({ issuer, fetchJson, now, onFailure }: IssuerKeysOptions): IssuerKeys {
  // NOTE: a rotation shortly after a load is ordinary, so a few unknown kids may ask at once; then one each half minute.
  const unknownKids = createAllowance({ burst: 3, refillMs: minute / 2, now });
  let held: { readonly find: JWTVerifyGetKey; readonly loadedAt: number } | undefined;
  let jwksUri: string | undefined;
  let loading: Promise<void> | undefined;
  let failedAt: number | undefined;

  /** NOTE: absolute, so that a clock set back does not stretch a pause. */
  const age = (since: number) => Math.abs(now() - since);
  const usable = () => (held && age(held.loadedAt) < servedForMs ? held : undefined);

  async function load() {
    try {
      jwksUri ??= await discoverJwksUri(issuer, fetchJson);
      const find = createLocalJWKSet((await fetchJson(jwksUri)) as JSONWebKeySet);
      held = { find, loadedAt: now() };
      failedAt = undefined;
    } catch (error) {
      // The address may have moved: ask for it again next time.
      jwksUri = undefined;
      failedAt = now();
      onFailure?.(error);
    }
  }

  async function refresh(): Promise<void> {
    if (!loading && failedAt !== undefined && age(failedAt) < retryAfterMs) return;
    loading ??= load().finally(() => {
      loading = undefined;
    });
    await loading;
  }

  async function ready() {
    const current = usable();
    if (!current) await refresh();
    else if (age(current.loadedAt) >= freshForMs) void refresh();
    return usable() !== undefined;
  }

  const find: JWTVerifyGetKey = async (header, token) => {
    const before = usable();
    if (!before) throw new errors.JWKSNoMatchingKey();
    try {
      return await before.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (loading || unknownKids.take()) await refresh();
      if (!held || held === before) throw error;
      return held.find(header, token);
    }
  };

  return { ready, find };
}

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { createAllowance } from './allowance.ts';
import type { FetchJson } from './fetched-json.ts';
import { discoverIssuer } from './issuer-metadata.ts';

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** In place of what the metadata says. */
  readonly jwksUri?: string | undefined;
  readonly fetchJson: FetchJson;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFailure?: (cause: unknown) => void;
}

export interface IssuerKeys {
  /**
   * Whether there are keys to verify with: at once when there are, else after an attempt to load them. Keys that are
   * getting old are loaded again beside it. Never rejects.
   */
  ready(): true | Promise<boolean>;
  /** Changes whenever other keys are published: what was verified before may not be any more. */
  revision(): number;
  /** Milliseconds until it makes sense to ask again, when `ready` was false. */
  retryInMs(): number;
  /** The key of one token, for jose. Rejects when there is none. */
  readonly find: JWTVerifyGetKey;
}

const second = 1_000;
const minute = 60 * second;
/** Keys this old are loaded again, beside the requests that still use them, unless the issuer says otherwise. */
const freshForMs = 10 * minute;
/** Keys this old are no longer trusted, however long the issuer is away. */
const servedForMs = 60 * minute;
/** However short-lived the issuer calls its keys, and however many unknown key ids come: the floor between two loads. */
const floorMs = 30 * second;
/** The pause after a load that failed doubles from here to the floor. */
const firstPauseMs = second;

interface HeldKeys {
  readonly find: JWTVerifyGetKey;
  readonly text: string;
  readonly loadedAt: number;
  readonly freshMs: number;
}

/**
 * The issuer's verification keys (RFC 7517). They are found at the first token, not at the start, so that the API can
 * start before its issuer; the last good ones keep serving for an hour while the issuer is away.
 *
 * NOTE: jose's own `createRemoteJWKSet` fails every request once its copy is old and the issuer does not answer, and
 * counts its pause from the last success only, so that during an outage each unknown `kid` is a request to the issuer.
 */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { issuer, fetchJson, now, onFailure } = options;
  const unknownKids = createAllowance({ burst: 1, refillMs: floorMs, now });
  let held: HeldKeys | undefined;
  let jwksUri = options.jwksUri;
  let loading: Promise<void> | undefined;
  let failure: { readonly at: number; readonly pauseMs: number } | undefined;
  let revision = 0;

  /** NOTE: absolute, so that a clock set back does not stretch a pause. */
  const age = (since: number) => Math.abs(now() - since);
  const usable = () => (held && age(held.loadedAt) < servedForMs ? held : undefined);
  const pauseLeftMs = () => (failure ? Math.max(0, failure.pauseMs - age(failure.at)) : 0);

  async function load() {
    try {
      jwksUri ??= (await discoverIssuer(issuer, fetchJson)).jwks_uri;
      if (jwksUri === undefined) throw new Error('the issuer metadata has no usable jwks_uri');
      const { json, freshSeconds } = await fetchJson(jwksUri);
      const find = createLocalJWKSet(json as JSONWebKeySet);
      const text = JSON.stringify(json);
      if (text !== held?.text) revision += 1;
      const freshMs = freshSeconds === undefined ? freshForMs : freshSeconds * second;
      held = { find, text, loadedAt: now(), freshMs: Math.min(Math.max(freshMs, floorMs), servedForMs) };
      failure = undefined;
    } catch (error) {
      // The address may have moved: ask for it again next time.
      jwksUri = options.jwksUri;
      failure = { at: now(), pauseMs: failure ? Math.min(failure.pauseMs * 2, floorMs) : firstPauseMs };
      onFailure?.(error);
    }
  }

  async function refresh(): Promise<void> {
    if (!loading && pauseLeftMs() > 0) return;
    loading ??= load().finally(() => {
      loading = undefined;
    });
    await loading;
  }

  function ready(): true | Promise<boolean> {
    const heldForMs = held ? age(held.loadedAt) : Number.POSITIVE_INFINITY;
    if (!held || heldForMs >= servedForMs) return refresh().then(() => usable() !== undefined);
    if (heldForMs >= held.freshMs) void refresh();
    return true;
  }

  const find: JWTVerifyGetKey = async (header, token) => {
    const before = usable();
    if (!before) throw new errors.JWKSNoMatchingKey();
    try {
      return await before.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (loading || (pauseLeftMs() === 0 && unknownKids.take())) await refresh();
      if (!held || held === before) throw error;
      return held.find(header, token);
    }
  };

  return { ready, find, revision: () => revision, retryInMs: pauseLeftMs };
}

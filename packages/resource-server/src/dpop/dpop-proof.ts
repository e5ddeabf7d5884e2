import { hash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { ReplayStore } from '../replay/replay-store.ts';
import type { DpopNonces } from './nonces.ts';
import { type DpopFailure, type DpopRefusal, refused } from './proof-failures.ts';
import { readProof } from './read-proof.ts';
import { normalizedTarget } from './target-url.ts';

/** What the proof has to be for. */
export interface DpopExpectation {
  /** Of the request, as received: methods are case-sensitive. */
  readonly method: string;
  /**
   * Of the request, as the client sees it. Query and fragment do not matter. NOTE: behind a proxy it is made from a
   * configured address, never from the request's own `Host` or `X-Forwarded-*`.
   */
  readonly url: string;
  readonly accessToken: string;
  /** `cnf.jkt` of the verified access token (RFC 9449, section 6). */
  readonly thumbprint: string;
}

export interface DpopOptions {
  /** Asymmetric ones only. */
  readonly algorithms: readonly string[];
  readonly replays: ReplayStore;
  /** Given: each proof must carry one of them. */
  readonly nonces?: DpopNonces | undefined;
  /** Default 60. */
  readonly proofMaxAgeSeconds?: number | undefined;
  /** How far a client's clock may be ahead, and the clocks of replicas apart, in seconds. Default 5. */
  readonly clockToleranceSeconds?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface ProofClaims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly iat: number;
  readonly nonce?: unknown;
  readonly ath?: unknown;
}

const filled = (value: unknown) => typeof value === 'string' && value !== '';
/** In characters; a UUID has 36. */
const longestJti = 256;

/** RFC 9449, section 4.2. */
const shapes: readonly (readonly [keyof ProofClaims, DpopFailure, (value: unknown) => boolean])[] = [
  ['jti', 'jti missing or malformed', (value) => filled(value) && String(value).length <= longestJti],
  ['htm', 'htm missing or malformed', filled],
  ['htu', 'htu missing or malformed', filled],
  ['iat', 'iat missing or malformed', Number.isFinite],
];

interface Proof {
  readonly claims: ProofClaims;
  readonly thumbprint: string;
  /** Negative: in the future. */
  readonly ageSeconds: number;
}

interface Limits {
  readonly proofMaxAgeSeconds: number;
  readonly clockToleranceSeconds: number;
  readonly nonces: DpopNonces | undefined;
}

type Holds = (proof: Proof, expected: DpopExpectation, limits: Limits) => boolean;

/**
 * RFC 9449, section 4.3, items 8 to 12, in its order.
 * NOTE: hashes and thumbprints are compared plainly: whoever holds a token can compute its `ath`, and `jkt` is in the
 * token for all to read, so there is nothing to find out by the time that a comparison takes.
 */
const rules: readonly (readonly [DpopFailure, Holds])[] = [
  ['htm of another method', ({ claims }, { method }) => claims.htm === method],
  ['htu of another address', ({ claims }, { url }) => isSameTarget(claims.htu, url)],
  ['nonce missing or outdated', ({ claims }, _, { nonces }) => !nonces || nonces.accepts(claims.nonce)],
  ['iat too long ago', ({ ageSeconds }, _, { proofMaxAgeSeconds }) => ageSeconds <= proofMaxAgeSeconds],
  ['iat in the future', ({ ageSeconds }, _, { clockToleranceSeconds }) => -ageSeconds <= clockToleranceSeconds],
  ['ath of another access token', ({ claims }, { accessToken }) => claims.ath === hashOf(accessToken)],
  ['not the key of the access token', ({ thumbprint }, expected) => thumbprint === expected.thumbprint],
];

/**
 * RFC 9449, section 4.3: whether the request comes from who holds the key that its access token is bound to. Signature
 * first ({@link readProof}), then the claims, and last, so that only a good proof takes up room, that it is presented
 * for the first time. The access token itself has to be verified already.
 *
 * @param proofs all values of the request's `DPoP` headers, as received
 * @returns a refusal for everything that a stranger may send; its reason is for the log only
 * @throws only (as a rejection) what the replay store throws: it is away, or full, and the answer is 503
 */
export async function checkDpopProof(
  proofs: readonly string[],
  expected: DpopExpectation,
  options: DpopOptions,
): Promise<{ readonly ok: true } | DpopRefusal> {
  const { algorithms, replays, nonces, proofMaxAgeSeconds = 60, clockToleranceSeconds = 5, now } = options;
  const signed = await readProof(proofs, algorithms);
  if ('failed' in signed) return signed;

  const malformed = shapes.find(([claim, , holds]) => !holds(signed.claims[claim]));
  if (malformed) return refused(malformed[1]);
  const claims = signed.claims as unknown as ProofClaims;
  const thumbprint = await calculateJwkThumbprint(signed.jwk);
  const proof = { claims, thumbprint, ageSeconds: now() / 1000 - claims.iat };
  const limits = { proofMaxAgeSeconds, clockToleranceSeconds, nonces };
  const broken = rules.find(([, holds]) => !holds(proof, expected, limits));
  if (broken) return refused(broken[0]);

  // NOTE: longer than it could pass, since the clock of a replica may be behind that of the one that forgets.
  const expiresAt = (claims.iat + proofMaxAgeSeconds + clockToleranceSeconds) * 1000;
  const isFirst = await replays.spend(spentKey(proof), expiresAt);
  return isFirst ? { ok: true } : refused('presented before');
}

function isSameTarget(htu: string, url: string): boolean {
  const target = normalizedTarget(htu);
  return target !== undefined && target === normalizedTarget(url);
}

/** RFC 9449, section 11.1: `jti` is unique for one key and one address. A hash, so that no long strings are kept. */
function spentKey({ claims, thumbprint }: Proof): string {
  return hashOf(JSON.stringify([claims.jti, thumbprint, normalizedTarget(claims.htu)]));
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

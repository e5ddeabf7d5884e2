import type { CheckName } from '@latchkey/flow-reports';

/** What a token failed. */
export interface FailedLook {
  readonly name: CheckName;
  /** What it had passed by then; where that cannot be told, nothing. */
  readonly passed: readonly CheckName[];
  readonly detail?: string | undefined;
}

/** What is looked at in a token, in the order of its verification (RFC 9068, section 4, and the order of jose's). */
export const tokenLooks: readonly CheckName[] = ['token_format', 'algorithm', 'signature', 'typ', 'iss', 'aud', 'exp'];

/** What jose tells of a token that it refuses. */
interface VerificationError extends Error {
  readonly code?: string;
  readonly claim?: string;
  readonly reason?: string;
  readonly payload?: { readonly exp?: unknown };
}

const looksByCode: Readonly<Record<string, CheckName>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm',
  ERR_JWKS_NO_MATCHING_KEY: 'signature',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
};

/** What the guard says of a verified token that is not the caller's, or not any more. */
const looksByWords: readonly (readonly [RegExp, CheckName])[] = [
  [/bound|certificate/, 'proof'],
  [/accepted|subject/, 'account'],
];

/**
 * Which look at a token is the one that it failed, by the cause of its refusal.
 *
 * @param nowMs epoch milliseconds
 */
export function tokenFailure(cause: unknown, nowMs: number): FailedLook {
  if (cause instanceof Error) return verificationFailure(cause, nowMs);
  const detail = typeof cause === 'string' ? cause : undefined;
  const [, name] = looksByWords.find(([words]) => detail !== undefined && words.test(detail)) ?? [];
  return name ? { name, passed: tokenLooks, detail } : { name: 'token_format', passed: [], detail };
}

function verificationFailure(error: VerificationError, nowMs: number): FailedLook {
  const { code = '', message: detail } = error;
  if (code === 'ERR_JWT_EXPIRED') return after('exp', agoInWords(error.payload?.exp, nowMs));
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return claimFailure(error);
  const name = looksByCode[code];
  return name ? after(name, detail) : { name: 'token_format', passed: [], detail };
}

function claimFailure({ claim, reason, message: detail }: VerificationError): FailedLook {
  const name = tokenLooks.find((each) => each === claim);
  if (name === undefined) return { name: 'token_format', passed: [], detail };
  // NOTE: whether the claims are there is looked at before what is in them.
  return reason === 'missing' ? { ...after('iss', detail), name } : after(name, detail);
}

function after(name: CheckName, detail: string | undefined): FailedLook {
  return { name, passed: tokenLooks.slice(0, tokenLooks.indexOf(name)), detail };
}

function agoInWords(exp: unknown, nowMs: number): string | undefined {
  return typeof exp === 'number' ? `ran out ${Math.round(nowMs / 1_000 - exp)} s ago` : undefined;
}

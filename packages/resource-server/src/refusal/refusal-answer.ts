import { STATUS_CODES } from 'node:http';
import { type ChallengeContext, challengesOf } from './challenge.ts';
import type { Refusal } from './refusals.ts';

/** A refusal as it goes over the wire, whatever framework sends it. */
export interface RefusalAnswer {
  readonly status: number;
  /** With `Content-Type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, already written. */
  readonly body: string;
}

export interface RefusalBody {
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly json: unknown;
}

/**
 * The shape of a refusal's body. `oauth`: `{ error, error_description }`; `problem`: RFC 9457 problem details with the
 * OAuth `error` as a further member; or a function of one's own. Status, challenge and headers are the same with each.
 */
export type RefusalFormat = 'oauth' | 'problem' | ((refusal: Refusal) => RefusalBody);

export function answerRefusal(refusal: Refusal, context: ChallengeContext, format: RefusalFormat): RefusalAnswer {
  const { contentType = 'application/json', json } = bodyOf(refusal, format);
  const scopes = refusal.scopes ?? context.scopes;
  return {
    status: refusal.status,
    headers: {
      'Cache-Control': 'no-store',
      ...(refusal.challenge !== 'none' && { 'WWW-Authenticate': challengesOf(refusal, { ...context, scopes }) }),
      ...refusal.headers,
      'Content-Type': contentType,
    },
    body: JSON.stringify(json),
  };
}

function bodyOf(refusal: Refusal, format: RefusalFormat): RefusalBody {
  const { status, error, error_description } = refusal;
  if (typeof format === 'function') return format(refusal);
  if (format === 'oauth') return { json: { error, error_description } };
  const json = { type: 'about:blank', title: STATUS_CODES[status], status, detail: error_description, error };
  return { contentType: 'application/problem+json', json };
}

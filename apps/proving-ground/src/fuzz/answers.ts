import type { RefusalAnswer } from '@latchkey/resource-server';

/** Everything that a request can meet: a row of the table of refusals, or that it passes. */
export type Outcome =
  | 'accepted'
  | 'anonymous'
  | 'none'
  | 'malformed'
  | 'expired'
  | 'invalid'
  | 'scope'
  | 'denied'
  | 'proof'
  | 'nonce'
  /** Refused by Node, before the API sees it: no header can hold it. */
  | 'not HTTP';

export interface AnswerTable {
  readonly realm: string;
  readonly scope: string;
  readonly metadataUrl: string;
  /** Signature algorithms of proofs; `undefined` where DPoP is off. */
  readonly dpopAlgorithms: readonly string[] | undefined;
  /** Whether bearer tokens are taken. */
  readonly bearer: boolean;
}

type Row = readonly [outcome: Outcome, status: number, error: string, description: string];

const rows: readonly Row[] = [
  ['none', 401, 'unauthorized', 'Not authenticated'],
  ['expired', 401, 'invalid_token', 'Token expired'],
  ['invalid', 401, 'invalid_token', 'Invalid token'],
  ['scope', 403, 'insufficient_scope', 'Missing required scope: read:todos'],
  ['denied', 403, 'access_denied', 'This needs a token that a person has granted'],
  ['proof', 401, 'invalid_dpop_proof', 'Invalid DPoP proof'],
  ['nonce', 401, 'use_dpop_nonce', 'A nonce is required in the DPoP proof'],
  ['malformed', 400, 'invalid_request', 'The access token belongs in the Authorization header'],
  ['malformed', 400, 'invalid_request', 'More than one Authorization header'],
  ['malformed', 400, 'invalid_request', 'The Authorization header carries no token'],
  ['malformed', 400, 'invalid_request', 'The Authorization header carries more than one token'],
  ['malformed', 400, 'invalid_request', 'The Authorization header is not one scheme, a space and a token'],
  ['malformed', 400, 'invalid_request', 'Exactly one DPoP header is expected'],
];

/**
 * Every answer that a refused request may get, letter by letter, by what it means. Written down here a second time, and
 * not asked of the kit: an answer that says more than the table, or says it in other words, is not among them.
 */
export function tableOf(table: AnswerTable): ReadonlyMap<string, Outcome> {
  const { dpopAlgorithms, bearer } = table;
  const answers = new Map<string, Outcome>();
  for (const [outcome, status, error, description] of rows) {
    const said = outcome === 'none' ? '' : `, error="${error}", error_description="${description}"`;
    const body = JSON.stringify({ error, error_description: description });
    for (const inDpop of dpopAlgorithms ? [!bearer, true] : [false])
      answers.set(spelt(status, challengeOf(table, said, inDpop), body), outcome);
  }
  return answers;
}

/** The error stands in the challenge of the scheme that was used. */
function challengeOf(
  { realm, scope, metadataUrl, dpopAlgorithms, bearer }: AnswerTable,
  said: string,
  inDpop: boolean,
) {
  const common = `realm="${realm}", scope="${scope}", resource_metadata="${metadataUrl}"`;
  const algs = `algs="${dpopAlgorithms?.join(' ')}"`;
  if (!bearer) return `DPoP ${common}, ${algs}${said}`;
  if (!dpopAlgorithms) return `Bearer ${common}${said}`;
  return `Bearer ${common}${inDpop ? '' : said}, DPoP ${algs}${inDpop ? said : ''}`;
}

/** One text for an answer. A nonce differs each time, and says nothing. */
export function spelt(status: number, challenge: string, body: string): string {
  return JSON.stringify([status, challenge, body]);
}

export function speltAnswer({ status, headers, body }: RefusalAnswer): string {
  const { 'WWW-Authenticate': challenge = '', 'DPoP-Nonce': _, ...others } = headers;
  const usual = JSON.stringify(others) === '{"Cache-Control":"no-store","Content-Type":"application/json"}';
  return usual ? spelt(status, challenge, body) : JSON.stringify([status, headers, body]);
}

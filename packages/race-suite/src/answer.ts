/** What a server can answer to one use, as the report counts it. */
export type AnswerKind = '200' | '400 invalid_grant' | 'other 4xx' | '429' | '5xx' | 'network' | 'other';

/** What came back, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Answer {
  readonly kind: AnswerKind;
  /** Undefined when nobody answered. */
  readonly status: number | undefined;
  /** The OAuth `error`, or the code of a network error. */
  readonly error: string | undefined;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export function answerOf({ status, headers, text }: Reply): Answer {
  const body = recordOf(text);
  const error = typeof body.error === 'string' ? body.error : undefined;
  return { kind: kindOf(status, error), status, error, headers, body };
}

/** Nobody answered, or not in time. */
export function noAnswer(reason: unknown): Answer {
  const { cause, name } = reason as { readonly cause?: { readonly code?: unknown }; readonly name?: string };
  const error = String(cause?.code ?? name ?? 'network error');
  return { kind: 'network', status: undefined, error, headers: new Headers(), body: {} };
}

/** How an answer is told in a sentence, without anything that opens a door. */
export function told({ status, error }: Answer): string {
  // NOTE: an error code is a short word by RFC 6749, section 5.2, but this server may be anybody's.
  return [status, error?.slice(0, 40)].filter((part) => part !== undefined).join(' ');
}

export function refreshTokenIn({ body }: Answer): string | undefined {
  return typeof body.refresh_token === 'string' ? body.refresh_token : undefined;
}

export function accessTokenIn({ body }: Answer): string | undefined {
  return typeof body.access_token === 'string' ? body.access_token : undefined;
}

export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of answers) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function kindOf(status: number, error: string | undefined): AnswerKind {
  if (status >= 200 && status < 300) return '200';
  if (status === 400 && error === 'invalid_grant') return '400 invalid_grant';
  if (status === 429) return '429';
  if (status >= 400 && status < 500) return 'other 4xx';
  return status >= 500 ? '5xx' : 'other';
}

function recordOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import { STATUS_CODES } from 'node:http';
import type { Context } from 'koa';

/** RFC 9457, section 3.1, with the `errors` extension that its section 3 shows. */
export interface Problem {
  readonly [isAProblem]: true;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly MemberError[];
}

export interface MemberError {
  /** Where in the body, as a JSON Pointer in a fragment (RFC 6901, section 6). */
  readonly pointer?: string;
  /** Or the query parameter. */
  readonly parameter?: string;
  /** What was expected there. */
  readonly detail: string;
}

const isAProblem = Symbol('problem');

/** A failure that is not about who is calling. A handler returns it in the place of its result. */
export function problem(status: number, detail?: string, errors?: readonly MemberError[]): Problem {
  return { [isAProblem]: true, status, ...(detail !== undefined && { detail }), ...(errors && { errors }) };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && isAProblem in value;
}

/** An error that reached the outermost door: those that Koa marks as the caller's keep their status, the rest is a 500. */
export function problemOfError(error: unknown): Problem {
  const { status, expose } = error as { readonly status?: unknown; readonly expose?: unknown };
  if (status === 503) return problem(503);
  return problem(expose === true && typeof status === 'number' && status >= 400 && status < 500 ? status : 500);
}

export function writeProblem(ctx: Context, { status, detail, errors }: Problem): void {
  ctx.status = status;
  if (status === 503) ctx.set('Retry-After', '2');
  ctx.body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, errors });
  ctx.type = 'application/problem+json';
}

import type { Context } from 'koa';
import { readLimitedBody } from './limited-body.ts';
import { type Problem, problem } from './problem.ts';

/** The JSON value of a request's body, or what is wrong with it: 415, 413 or 400. */
export async function readJsonBody(ctx: Context, limitBytes: number): Promise<{ readonly value: unknown } | Problem> {
  const isEmpty = ctx.get('Transfer-Encoding') === '' && !Number(ctx.get('Content-Length'));
  if (isEmpty) return problem(400, 'A JSON body is required');
  if (!isPlainJson(ctx)) return problem(415, 'The body must be application/json in UTF-8, without Content-Encoding');

  try {
    const bytes = await readLimitedBody(ctx, limitBytes);
    if (!bytes) return problem(413, `The body must not exceed ${limitBytes} bytes`);
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    // Broken off, not UTF-8, or not JSON.
    return problem(400, 'The body is not valid JSON');
  }
}

function isPlainJson(ctx: Context): boolean {
  const encoding = ctx.get('Content-Encoding').toLowerCase();
  const charset = ctx.request.charset.toLowerCase();
  return ctx.is('json') === 'json' && /^(identity)?$/.test(encoding) && /^(utf-?8)?$/.test(charset);
}

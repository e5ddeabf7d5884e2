import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import { type Problem, problem } from './problem.ts';

/** The JSON value of a request's body, or what is wrong with it: 415, 413 or 400. */
export async function readJsonBody(ctx: Context, limitBytes: number): Promise<{ readonly value: unknown } | Problem> {
  const isEmpty = ctx.get('Transfer-Encoding') === '' && !Number(ctx.get('Content-Length'));
  if (isEmpty) return problem(400, 'A JSON body is required');
  if (!isPlainJson(ctx)) return problem(415, 'The body must be application/json in UTF-8, without Content-Encoding');

  const tooLarge = problem(413, `The body must not exceed ${limitBytes} bytes`);
  if (Number(ctx.get('Content-Length')) > limitBytes) return tooLarge;
  try {
    const bytes = await readUpTo(ctx.req, limitBytes);
    if (!bytes) {
      // NOTE: Node clears away what nobody has begun to read, and only that. The rest of this would be left in the
      // connection, before the caller's next request.
      ctx.req.resume();
      return tooLarge;
    }
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

async function readUpTo(stream: Readable, limitBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // NOTE: to leave the loop must not destroy the stream, or the connection goes before the caller has read the answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    length += chunk.byteLength;
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

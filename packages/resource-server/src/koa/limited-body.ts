import type { Readable } from 'node:stream';
import type { Context } from 'koa';

/**
 * The bytes of a request's body, or `undefined` when there are more than `limitBytes`, announced or not. The caller can be
 * answered then, and their next request on the connection too.
 *
 * @throws or rejects when the body breaks off
 */
export async function readLimitedBody(ctx: Context, limitBytes: number): Promise<Uint8Array | undefined> {
  if (Number(ctx.get('Content-Length')) > limitBytes) return undefined;
  const bytes = await readUpTo(ctx.req, limitBytes);
  // NOTE: Node clears away what nobody has begun to read, and only that. The rest of this would be left in the
  // connection, before the caller's next request.
  if (!bytes) ctx.req.resume();
  return bytes;
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

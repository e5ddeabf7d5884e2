import type { Readable } from 'node:stream';
import type { Context } from 'koa';

/** JSON-RPC 2.0, section 5.1, for a request that fails before anybody has seen its `id`. */
export interface JsonRpcError {
  readonly status: 400 | 403 | 405 | 413;
  readonly code: number;
  readonly message: string;
}

const bodyLimitBytes = 64 * 1024;

export function writeJsonRpcError(ctx: Context, { status, code, message }: JsonRpcError): void {
  ctx.status = status;
  ctx.type = 'json';
  ctx.body = JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null });
}

/** The JSON-RPC message of a request's body, or what is wrong with it. */
export async function readMessage(ctx: Context): Promise<{ readonly message: unknown } | JsonRpcError> {
  const tooLarge: JsonRpcError = {
    status: 413,
    code: -32600,
    message: `A message must not exceed ${bodyLimitBytes} bytes`,
  };
  if (Number(ctx.get('Content-Length')) > bodyLimitBytes) return tooLarge;
  try {
    const bytes = await readUpTo(ctx.req, bodyLimitBytes);
    if (!bytes) {
      // NOTE: Node reads to its end what nobody has begun to read, but not this: the caller's next request comes behind it.
      ctx.req.resume();
      return tooLarge;
    }
    const message: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    // NOTE: in a batch one message can cancel another, and then the answer never comes. MCP has none since 2025-06-18.
    if (Array.isArray(message)) return { status: 400, code: -32600, message: 'One message for each request' };
    return { message };
  } catch {
    // Broken off, not UTF-8, or not JSON.
    return { status: 400, code: -32700, message: 'The body is not valid JSON' };
  }
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

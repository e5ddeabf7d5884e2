import { readLimitedBody } from '@latchkey/resource-server/koa';
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
  try {
    const bytes = await readLimitedBody(ctx, bodyLimitBytes);
    if (!bytes) return { status: 413, code: -32600, message: `A message must not exceed ${bodyLimitBytes} bytes` };
    const message: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    // NOTE: in a batch one message can cancel another, and then the answer never comes. MCP has none since 2025-06-18.
    if (Array.isArray(message)) return { status: 400, code: -32600, message: 'One message for each request' };
    return { message };
  } catch {
    // Broken off, not UTF-8, or not JSON.
    return { status: 400, code: -32700, message: 'The body is not valid JSON' };
  }
}

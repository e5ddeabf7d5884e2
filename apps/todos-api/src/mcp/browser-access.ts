import type { Context } from 'koa';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a page of this origin may call. MCP asks servers to look at `Origin`, since a name can be made to point at a
 * machine that its page should not reach (DNS rebinding). An https name cannot, for its certificate would not be there; nor
 * can a loopback name. So pages from these may call, as may programs, which have no origin.
 *
 * @param origin the header's value, empty where there is none
 */
export function mayCall(origin: string): boolean {
  if (origin === '') return true;
  const url = URL.parse(origin);
  if (url?.origin !== origin) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackNames.has(url.hostname));
}

/** Lets pages read the answers. There is no cookie here: nothing opens without a token, which a page must have itself. */
export function openToPages(ctx: Context): void {
  ctx.set('Access-Control-Allow-Origin', '*');
  ctx.set('Access-Control-Expose-Headers', 'WWW-Authenticate, Mcp-Session-Id');
}

/** The Fetch standard, section 4.9: what a browser asks before it lets a page send a token. */
export function answerPreflight(ctx: Context): void {
  ctx.status = 204;
  ctx.set('Allow', 'POST');
  ctx.set('Access-Control-Allow-Methods', 'POST');
  ctx.set(
    'Access-Control-Allow-Headers',
    'Authorization, DPoP, Content-Type, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID, Traceparent, Tracestate',
  );
  ctx.set('Access-Control-Max-Age', '3600');
}

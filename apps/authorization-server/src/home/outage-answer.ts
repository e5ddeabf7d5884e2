import type { Pages } from '@latchkey/pages';
import type { Context, Middleware } from 'koa';
import { isForMachines } from './machine-endpoints.ts';

const retryAfterSeconds = 2;

/**
 * While the database is away every answer that needs it is a 503, whatever the request had come to. The browser keeps
 * the cookies that it had, so that the same request can be sent again and goes on where it was.
 *
 * @param failed whether somebody on the way has met the outage and answered it in another way
 */
export function answerOutages(pages: Pages, failed: (ctx: Context) => boolean): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if ((error as { status?: unknown }).status !== 503) throw error;
      return answer(pages, ctx);
    }
    return failed(ctx) ? answer(pages, ctx) : undefined;
  };
}

async function answer(pages: Pages, ctx: Context): Promise<void> {
  for (const name of ctx.res.getHeaderNames()) if (/^(location|set-cookie|www-)/.test(name)) ctx.remove(name);
  ctx.set({ 'Retry-After': String(retryAfterSeconds), 'Cache-Control': 'no-store' });
  const explanation = 'The server cannot reach its database at the moment. Please try again in a few seconds.';
  if (isForMachines(ctx)) {
    ctx.status = 503;
    ctx.body = { error: 'temporarily_unavailable', error_description: explanation };
    return;
  }
  const heading = 'We will be right back';
  const next = { label: 'Try again', href: wayBack(ctx) };
  const locals = { title: heading, heading, explanation, next, error: 'temporarily_unavailable' };
  await pages.render(ctx, 'error/error', locals, 503);
}

/** A page is asked for again; a form, by the page that it is on. */
function wayBack(ctx: Context): string {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return ctx.url;
  const [interaction] = /^\/interaction\/[^/]+/.exec(ctx.path) ?? [];
  const [account] = /^\/account(?=\/|$)/.exec(ctx.path) ?? [];
  return interaction ?? account ?? '/';
}

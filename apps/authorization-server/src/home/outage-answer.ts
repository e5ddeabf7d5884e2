import type { Pages } from '@latchkey/pages';
import type { Context, Middleware } from 'koa';

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
  const explanation =
    'The server cannot reach its database at the moment. Nothing was lost. Please try again in a few seconds.';
  if (ctx.accepts('html', 'json') !== 'html') {
    ctx.status = 503;
    ctx.body = { error: 'temporarily_unavailable', error_description: explanation };
    return;
  }
  const heading = 'We will be right back';
  await pages.render(
    ctx,
    'error/error',
    { title: heading, heading, explanation, error: 'temporarily_unavailable' },
    503,
  );
}

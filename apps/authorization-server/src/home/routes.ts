/** The front page, for whoever opens the server's address, and the answer to what is nowhere. */

import Router from '@koa/router';
import type { Pages } from '@latchkey/pages';
import type { Middleware } from 'koa';

export interface HomeNeeds {
  readonly pages: Pages;
  /** Shown beside the server's own addresses. */
  readonly demo: { readonly clientUrl: string; readonly todosApiUrl: string } | undefined;
}

export function homeRoutes({ pages, demo }: HomeNeeds): Router {
  const router = new Router();
  const links = [
    ...(demo
      ? [
          { label: 'Open the demo app', href: demo.clientUrl, note: 'Sign in as alice, and choose what to allow.' },
          {
            label: 'The todos API',
            href: `${demo.todosApiUrl}/openapi.json`,
            note: 'What it offers, and which access each call needs.',
          },
        ]
      : []),
    { label: 'Your account', href: '/account', note: 'See which apps have access, and take it back.' },
    {
      label: 'Discovery document',
      href: '/.well-known/openid-configuration',
      note: 'For developers: every endpoint of this server.',
    },
  ];
  router.get('/', (ctx) => pages.render(ctx, 'home/home', { title: 'Sign-in service', frame: 'page', links }));
  return router;
}

/** Whatever no room and no route of the engine has answered. */
export function notFound(pages: Pages): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.status !== 404 || ctx.body) return;
    if (ctx.accepts('html', 'json') !== 'html') {
      ctx.status = 404;
      ctx.body = { error: 'not_found', error_description: 'there is nothing at this address' };
      return;
    }
    await pages.render(
      ctx,
      'error/error',
      {
        title: 'There is nothing here',
        heading: 'There is nothing here',
        explanation: 'The address may be mistyped, or the page has moved.',
        next: { label: 'Go to the front page', href: '/' },
      },
      404,
    );
  };
}

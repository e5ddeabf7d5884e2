import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { describeGuards } from '../binding/suite/guard-suite.ts';
import { listening } from '../binding/suite/listening-server.ts';
import { roomScopes, seen } from '../binding/suite/suite-app.ts';
import { guard, metadataRoute } from './index.ts';

describeGuards('Koa', async (resourceServer, ran) => {
  const who = (ctx: Context) => {
    ran();
    ctx.body = ctx.state.auth ? seen(ctx.state.auth) : JSON.stringify('anonymous');
  };
  const again = guard(resourceServer, { scopes: ['me'] });
  const me = new Router()
    .use(guard(resourceServer, { scopes: ['me'] }))
    .get('/me', who)
    .get('/me/items', guard(resourceServer, { scopes: ['items'] }), who)
    .get('/me/extra', guard(resourceServer, { scopes: ['extra', 'me'] }), who)
    .get('/me/twice', again, again, who)
    .post('/me/echo', (ctx) => {
      ctx.body = ctx.req;
    });
  const api = new Router()
    .get('/status', guard(resourceServer), who)
    .get('/optional', guard(resourceServer, {}, 'optional'), who)
    .get('/rooms/:room', guard(resourceServer, { scopes: [roomScopes] }), who);

  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch {
      ctx.status = 503;
    }
  });
  app.use(metadataRoute(resourceServer));
  app.use((ctx, next) => {
    if (ctx.method !== 'OPTIONS') return next();
    ctx.status = 204;
    return undefined;
  });
  app.use((ctx, next) => {
    if (ctx.path !== '/open') return next();
    ctx.body = ctx.state.auth?.subject ?? 'No guard has let this request pass';
    return undefined;
  });
  // As koa-mount does: what is below sees the rest of the path.
  app.use((ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return undefined;
    ctx.path = ctx.path.slice('/api'.length);
    return next();
  });
  app.use(me.routes()).use(api.routes());
  return listening(app.callback());
});

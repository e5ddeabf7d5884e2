import { guard } from '@latchkey/resource-server/koa';
import jwksRsa from 'jwks-rsa';
import Koa, { type Middleware } from 'koa';
import jwt from 'koa-jwt';
import { type FrameworkApp, type GuardTask, note, resource, scope } from '../guard-task.ts';
import { kitResourceServer, needs } from '../kit-resource-server.ts';

export const koaApp: FrameworkApp = (task) => {
  const app = new Koa();
  for (const middleware of guardsOf(task)) app.use(middleware);
  app.use((ctx) => {
    ctx.body = note;
  });
  return app.listen(task.port, '127.0.0.1');
};

function guardsOf(task: GuardTask): Middleware[] {
  if (task.guard === 'none') return [];
  return task.guard === 'peer' ? koaJwt(task) : [guard(kitResourceServer(task), needs)];
}

/** NOTE: koa-jwt knows no scopes, so its users check them by a middleware of their own. */
function koaJwt({ issuer, jwksUri }: GuardTask): Middleware[] {
  const secret = jwksRsa.koaJwtSecret({ jwksUri, cache: true, cacheMaxEntries: 5, cacheMaxAge: 36_000_000 });
  return [
    jwt({ secret, audience: resource, issuer }),
    (ctx, next) => {
      if (
        !String(ctx.state.user.scope ?? '')
          .split(' ')
          .includes(scope)
      )
        ctx.throw(403, 'insufficient_scope');
      return next();
    },
  ];
}

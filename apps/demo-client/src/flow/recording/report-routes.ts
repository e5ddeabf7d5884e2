import { timingSafeEqual } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context, Next } from 'koa';
import type { Pictures } from './pictures.ts';
import { readReports } from './read-reports.ts';

/** `POST /flow/reports`: the other apps tell what passes, as a JSON list, and show that they are the other apps. */
export function reportRoutes(pictures: Pictures, secret: string): Router {
  const router = new Router();
  const jsonBody = bodyParser({ enableTypes: ['json'], jsonLimit: '4mb' });

  // NOTE: nothing of what a stranger sends is read.
  async function fromOurApps(ctx: Context, next: Next): Promise<void> {
    const shown = Buffer.from(ctx.get('Authorization').replace(/^Bearer /, ''));
    const wanted = Buffer.from(secret);
    if (shown.length !== wanted.length || !timingSafeEqual(shown, wanted)) {
      ctx.set('WWW-Authenticate', 'Bearer');
      ctx.throw(401);
    }
    await next();
  }

  router.post('/flow/reports', fromOurApps, jsonBody, (ctx) => {
    const reports = readReports(ctx.request.body);
    if (!reports) ctx.throw(400);
    for (const report of reports ?? []) pictures.take(report);
    ctx.status = 204;
  });
  return router;
}

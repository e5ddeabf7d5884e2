import { readFileSync } from 'node:fs';
import Router from '@koa/router';
import { resolveFromRoot } from '@latchkey/settings';
import type { Context } from 'koa';
import { curlOf } from './exports/curl.ts';
import { harOf } from './exports/har.ts';
import { mermaidOf } from './exports/mermaid.ts';
import { pictureFile } from './exports/picture-file.ts';
import type { PresentedExchange, RecordedRun } from './presented-exchange.ts';
import { presentExchange } from './presenting/present-exchange.ts';
import { pictureOf } from './recording/browser-picture.ts';
import type { Pictures } from './recording/pictures.ts';

/**
 * A browser's picture to take away: as it can be looked at again (`/flow/run.json`), for Mermaid (`.mmd`) and for the tools that
 * open HTTP archives (`.har`), as an image (`/flow/picture.svg`), and one request as a command (`/flow/curl?id=…`).
 */
export function runRoutes(pictures: Pictures, now: () => number): Router {
  const router = new Router();
  const style = readFileSync(resolveFromRoot('views/demo-client/flow.css'), 'utf8');

  /** Without where to ask for more: nobody answers to a file. */
  function exchangesFor(ctx: Context): PresentedExchange[] {
    return pictures.picture(pictureOf(ctx)).drawn.map(({ exchange, order }) => presentExchange(exchange, { order }));
  }

  router.get('/flow/run.json', (ctx) => {
    const run: RecordedRun = {
      format: 'latchkey-flow-1',
      title: 'A run of the authorization code flow',
      recordedAt: now(),
      exchanges: exchangesFor(ctx),
    };
    giveAway(ctx, 'latchkey-flow.json', 'application/json', JSON.stringify(run));
  });

  router.get('/flow/run.mmd', (ctx) => giveAway(ctx, 'latchkey-flow.mmd', 'text/plain', mermaidOf(exchangesFor(ctx))));

  router.get('/flow/run.har', (ctx) =>
    giveAway(ctx, 'latchkey-flow.har', 'application/json', JSON.stringify(harOf(exchangesFor(ctx)))),
  );

  router.get('/flow/picture.svg', (ctx) =>
    giveAway(ctx, 'latchkey-flow.svg', 'image/svg+xml', pictureFile(exchangesFor(ctx), style)),
  );

  router.get('/flow/curl', (ctx) => {
    const exchange = exchangesFor(ctx).find(({ id }) => id === ctx.query.id);
    if (!exchange) return void ctx.throw(404);
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = curlOf(exchange);
  });

  return router;
}

function giveAway(ctx: Context, name: string, type: string, body: string): void {
  ctx.set({ 'Cache-Control': 'no-store', 'Content-Disposition': `attachment; filename="${name}"` });
  ctx.type = `${type}; charset=utf-8`;
  ctx.body = body;
}

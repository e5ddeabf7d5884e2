import type { Middleware } from 'koa';
import { createDocsPage } from './docs-page.ts';
import type { DocsPageOptions } from './docs-page-options.ts';

/**
 * The docs page for Koa. Mounted behind what sets the API's own headers: those that both set are the page's here.
 *
 * @throws {TypeError} for options that are none
 * @throws {Error} when `swagger-ui-dist` is not installed
 */
export function docsPage(options: DocsPageOptions): Middleware {
  const docs = createDocsPage(options);
  return async (ctx, next) => {
    const { method, path, headers } = ctx;
    const answer = await docs.answer({ method, path, headers });
    if (!answer) return next();
    // NOTE: one route for metrics, as the kit's own routes are by their patterns.
    ctx.state.route = docs.basePath;
    ctx.status = answer.status;
    ctx.set(answer.headers);
    if (answer.body !== undefined) ctx.body = answer.body;
    return undefined;
  };
}

import type { Middleware } from 'koa';
import { asksForMetadata, metadataAnswer } from '../binding/metadata-answer.ts';
import type { ResourceServer } from '../resource-server.ts';

/**
 * Serves the metadata of the resource (RFC 9728), to which every challenge points. At the app itself, before any guard:
 *
 *     app.use(metadataRoute(resourceServer));
 */
export function metadataRoute(resourceServer: Pick<ResourceServer, 'metadata'>): Middleware {
  const { path, status, headers, body } = metadataAnswer(resourceServer);
  return function serveMetadata(ctx, next) {
    if (!asksForMetadata(path, ctx.method, ctx.path)) return next();
    ctx.status = status;
    ctx.body = body;
    // NOTE: after the body, which would make it text.
    ctx.set({ ...headers });
    return undefined;
  };
}

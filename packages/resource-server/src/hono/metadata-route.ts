import type { MiddlewareHandler } from 'hono';
import { asksForMetadata, metadataAnswer } from '../binding/metadata-answer.ts';
import type { ResourceServer } from '../resource-server.ts';

/**
 * Serves the metadata of the resource (RFC 9728), to which every challenge points. At the app itself, before any guard:
 *
 *     app.use(metadataRoute(resourceServer));
 */
export function metadataRoute(resourceServer: Pick<ResourceServer, 'metadata'>): MiddlewareHandler {
  const { path, status, headers, body } = metadataAnswer(resourceServer);
  return async function serveMetadata(c, next) {
    if (!asksForMetadata(path, c.req.method, new URL(c.req.url).pathname)) return next();
    return c.newResponse(body, status, headers);
  };
}

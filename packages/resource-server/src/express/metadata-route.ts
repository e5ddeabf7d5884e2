import { asksForMetadata, metadataAnswer } from '../binding/metadata-answer.ts';
import { nodeFacts, writeAnswer } from '../binding/node-exchange.ts';
import type { ResourceServer } from '../resource-server.ts';
import type { GuardMiddleware } from './guard.ts';

/**
 * Serves the metadata of the resource (RFC 9728), to which every challenge points. At the app itself, before any guard:
 *
 *     app.use(metadataRoute(resourceServer));
 */
export function metadataRoute(resourceServer: Pick<ResourceServer, 'metadata'>): GuardMiddleware {
  const answer = metadataAnswer(resourceServer);
  return async function serveMetadata(request, response, next) {
    const { method, url } = nodeFacts(request);
    return asksForMetadata(answer.path, method, url) ? writeAnswer(response, answer) : next();
  };
}

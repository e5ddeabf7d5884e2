import { asksForMetadata, metadataAnswer } from '../binding/metadata-answer.ts';
import { type NodeRequest, type NodeResponse, nodeFacts, writeAnswer } from '../binding/node-exchange.ts';
import type { ResourceServer } from '../resource-server.ts';

/**
 * Serves the metadata of the resource (RFC 9728), to which every challenge points; false when something else was asked
 * for. Before any guard:
 *
 *     const servedMetadata = metadataRoute(resourceServer);
 *     createServer((request, response) => servedMetadata(request, response) || notes(request, response));
 */
export function metadataRoute(
  resourceServer: Pick<ResourceServer, 'metadata'>,
): (request: NodeRequest, response: NodeResponse) => boolean {
  const answer = metadataAnswer(resourceServer);
  return function serveMetadata(request, response) {
    const { method, url } = nodeFacts(request);
    const asked = asksForMetadata(answer.path, method, url);
    if (asked) writeAnswer(response, answer);
    return asked;
  };
}

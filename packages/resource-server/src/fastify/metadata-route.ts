import { metadataAnswer, metadataMethods } from '../binding/metadata-answer.ts';
import type { ResourceServer } from '../resource-server.ts';
import type { GuardedReply } from './exchange.ts';

/** The options of a Fastify route. */
export interface MetadataRoute {
  readonly method: string[];
  readonly url: string;
  handler(request: unknown, reply: GuardedReply): unknown;
}

/**
 * Serves the metadata of the resource (RFC 9728), to which every challenge points. At the root instance, where no guard
 * is hooked in:
 *
 *     app.route(metadataRoute(resourceServer));
 */
export function metadataRoute(resourceServer: Pick<ResourceServer, 'metadata'>): MetadataRoute {
  const { path, headers, body } = metadataAnswer(resourceServer);
  return {
    method: metadataMethods,
    url: path,
    handler(_, reply) {
      reply.headers({ ...headers });
      return reply.send(body);
    },
  };
}

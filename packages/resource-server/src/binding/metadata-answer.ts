import type { ResourceServer } from '../resource-server.ts';

/** RFC 9728, section 3: what is answered, and at which path of the resource's origin. */
export interface MetadataAnswer {
  readonly path: string;
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Readable from every origin, since a client may run in a page: there is nothing in it that is not public. `OPTIONS` gets
 * the same answer, for clients that send a header of their own and so make the browser ask first.
 */
export function metadataAnswer({ metadata }: Pick<ResourceServer, 'metadata'>): MetadataAnswer {
  return {
    path: new URL(metadata.url).pathname,
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'public, max-age=3600',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': '*',
    },
    body: JSON.stringify(metadata.document),
  };
}

export const metadataMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a request asks for it. @param url path and query, as received */
export function asksForMetadata(path: string, method: string | undefined, url: string | undefined): boolean {
  return metadataMethods.includes(method ?? '') && url?.split('?', 1)[0] === path;
}

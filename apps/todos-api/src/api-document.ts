import type { ResourceServer } from '@latchkey/resource-server';
import type { DeclaredRoute } from '@latchkey/resource-server/koa';
import { type OpenApiDocument, openApiDocument } from '@latchkey/resource-server/openapi';
import type { TodosApiSettings } from './settings.ts';

/**
 * The OpenAPI document of these routes.
 *
 * NOTE: the endpoints are those of our own authorization server. They are not looked up by discovery, since the document
 * must be there while the authorization server is away.
 */
export function apiDocument<Scope extends string>(
  resourceServer: ResourceServer<Scope>,
  routes: readonly DeclaredRoute[],
  { publicUrl, issuer, rateLimitPerMinute }: Pick<TodosApiSettings, 'publicUrl' | 'issuer' | 'rateLimitPerMinute'>,
): OpenApiDocument {
  return openApiDocument(resourceServer, routes, {
    title: 'Todos API',
    version: '1.0.0',
    serverUrl: publicUrl,
    authorizationUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    refreshUrl: `${issuer}/token`,
    rateLimited: rateLimitPerMinute !== undefined,
  });
}

import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { DeclaredRoute } from '../koa/route-declaration.ts';
import type { ResourceServer } from '../resource-server.ts';
import { openApiResponses, sharedResponses } from './openapi-responses.ts';
import { dependingScopes, schemeName, securityOf } from './security-requirements.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The API's origin. */
  readonly serverUrl: string;
  /** Absolute, or relative to the server's URL, as the other two. */
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly refreshUrl?: string;
  readonly schemeDescription?: string;
  /** Whether callers are limited (429). */
  readonly rateLimited?: boolean;
  /**
   * Requests that this API sends (OpenAPI 3.1, `webhooks`), by name, declared as routes are: the security of each comes
   * from its declaration too.
   */
  readonly webhooks?: Readonly<Record<string, DeclaredRoute>>;
}

/** OpenAPI 3.1, from the declarations that are enforced. */
export function openApiDocument<Scope extends string>(
  resourceServer: Pick<ResourceServer<Scope, unknown>, 'scopes'>,
  routes: readonly DeclaredRoute[],
  options: OpenApiOptions,
): OpenApiDocument {
  const { title, version, description, serverUrl, webhooks, rateLimited = false } = options;
  return createDocument({
    openapi: '3.1.0',
    info: { title, version, ...(description !== undefined && { description }) },
    servers: [{ url: serverUrl }],
    paths: pathsOf(routes, rateLimited),
    ...(webhooks && { webhooks: webhooksOf(webhooks) }),
    components: {
      responses: sharedResponses,
      securitySchemes: { [schemeName]: schemeOf(resourceServer.scopes, options) },
    },
  });
}

/** RFC 6749, section 4.1. `x-usePkce` is how docs pages that do not use PKCE by themselves are told (RFC 7636). */
function schemeOf(scopes: Readonly<Record<string, string>>, options: OpenApiOptions) {
  const { authorizationUrl, tokenUrl, refreshUrl, schemeDescription } = options;
  return {
    type: 'oauth2',
    ...(schemeDescription !== undefined && { description: schemeDescription }),
    flows: {
      authorizationCode: {
        authorizationUrl,
        tokenUrl,
        ...(refreshUrl !== undefined && { refreshUrl }),
        scopes: { ...scopes },
        'x-usePkce': 'SHA-256',
      },
    },
  } as const;
}

function pathsOf(routes: readonly DeclaredRoute[], rateLimited: boolean): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, rateLimited) };
  }
  return paths;
}

function webhooksOf(webhooks: Readonly<Record<string, DeclaredRoute>>) {
  const entries = Object.entries(webhooks);
  return Object.fromEntries(
    entries.map(([name, route]) => [name, { [route.method.toLowerCase()]: operationOf(route, false) }]),
  );
}

function operationOf(route: DeclaredRoute, rateLimited: boolean): ZodOpenApiOperationObject {
  const { summary, operationId, params, query, body, deprecated, tags } = route.declaration;
  const description = descriptionOf(route);
  return {
    ...(operationId !== undefined && { operationId }),
    ...(summary !== undefined && { summary }),
    ...(description !== '' && { description }),
    ...(tags && { tags: [...tags] }),
    ...(deprecated && { deprecated }),
    security: securityOf(route.requirement),
    requestParams: { ...(params && { path: params }), ...(query && { query }) },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: openApiResponses(route, rateLimited),
  };
}

/** What the security requirements have no words for is said in plain ones. */
function descriptionOf({ declaration, requirement }: DeclaredRoute): string {
  const depending = dependingScopes(requirement).map((scope) => `\`${scope}\``);
  const ages = requirement.authentication.flatMap(({ maxAge }) => maxAge ?? []);
  return [
    ...(declaration.description === undefined ? [] : [declaration.description]),
    ...(depending.length > 0 ? [`Some requests also need ${depending.join(', ')}.`] : []),
    ...(requirement.person ? ['A token that a client got for itself is refused.'] : []),
    ...(ages.length > 0 ? [`The sign-in must be at most ${Math.min(...ages)} seconds old (RFC 9470).`] : []),
  ].join('\n\n');
}

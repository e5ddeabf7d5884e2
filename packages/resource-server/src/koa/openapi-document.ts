import { createDocument, type oas31, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { ResourceServer } from '../resource-server.ts';
import { openApiResponses, sharedResponses } from './openapi-responses.ts';
import type { DeclaredRoute } from './route-declaration.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The API's origin. */
  readonly serverUrl: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly refreshUrl?: string;
  readonly schemeDescription?: string;
}

/** The name of the security scheme in the document. */
const scheme = 'oauth2';

/** OpenAPI 3.1, from the declarations that are enforced: what it says about scopes is what the guard checks. */
export function openApiDocument<Scope extends string>(
  resourceServer: ResourceServer<Scope>,
  routes: readonly DeclaredRoute[],
  options: OpenApiOptions,
): OpenApiDocument {
  const { title, version, description, serverUrl, authorizationUrl, tokenUrl, refreshUrl, schemeDescription } = options;
  const scopes = { ...resourceServer.scopes };
  return createDocument({
    openapi: '3.1.0',
    info: { title, version, ...(description !== undefined && { description }) },
    servers: [{ url: serverUrl }],
    paths: pathsOf(routes),
    components: {
      responses: sharedResponses,
      securitySchemes: {
        [scheme]: {
          type: 'oauth2',
          ...(schemeDescription !== undefined && { description: schemeDescription }),
          // `x-usePkce` is how docs pages that do not use it by themselves are told (RFC 7636).
          flows: {
            authorizationCode: {
              authorizationUrl,
              tokenUrl,
              ...(refreshUrl !== undefined && { refreshUrl }),
              scopes,
              'x-usePkce': 'SHA-256',
            },
          },
        },
      },
    },
  });
}

function pathsOf(routes: readonly DeclaredRoute[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

function operationOf(route: DeclaredRoute): ZodOpenApiOperationObject {
  const { summary, description, operationId, params, query, body } = route.declaration;
  return {
    ...(operationId !== undefined && { operationId }),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    security: securityOf(route),
    requestParams: { ...(params && { path: params }), ...(query && { query }) },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: openApiResponses(route),
  };
}

/** One object: all its scopes are needed. The empty object beside it: or nothing at all. */
function securityOf({ requirement: { mode, scopes } }: DeclaredRoute): oas31.SecurityRequirementObject[] {
  if (mode === 'none') return [];
  return [{ [scheme]: [...scopes] }, ...(mode === 'optional' ? [{}] : [])];
}

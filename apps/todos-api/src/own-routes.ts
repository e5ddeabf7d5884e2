import type { ApiRouter } from '@latchkey/resource-server/koa';
import type { ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import { z } from 'zod';

/** The claims of the token that everybody may see of their own; the token itself is not among them. */
const meSchema = z
  .object({
    iss: z.string(),
    sub: z.string(),
    client_id: z.string(),
    scope: z.string(),
    scopes: z.array(z.string()),
    iat: z.int().optional(),
    exp: z.int(),
    auth_time: z.int().optional(),
    acr: z.string().optional(),
  })
  .meta({ id: 'Me' });

/** What needs no scope: whether the API is there, and what it knows of the caller. */
export function ownRoutes(api: ApiRouter<ScopeName<typeof todosScopes>>): void {
  api.get(
    '/status',
    {
      auth: 'none',
      operationId: 'getStatus',
      summary: 'Whether the API is there',
      response: z.object({ status: z.literal('ok') }),
    },
    () => ({ status: 'ok' as const }),
  );

  api.get(
    '/me',
    { operationId: 'getMe', summary: 'What your token says about you', response: meSchema },
    ({ auth: { claims, clientId, scopes } }) => ({
      iss: claims.iss,
      sub: claims.sub,
      client_id: clientId,
      scope: scopes.join(' '),
      scopes: [...scopes],
      iat: claims.iat,
      exp: claims.exp,
      auth_time: claims.auth_time,
      acr: claims.acr,
    }),
  );
}

import { docsPage } from '@latchkey/resource-server/docs';
import type { Middleware } from 'koa';
import type { TodosApiSettings } from './settings.ts';

/** The page at `/docs`. Its client is registered with the redirect URI `<publicUrl>/docs/oauth2-redirect`. */
export function apiDocs({
  issuer,
  resource,
  docsClientId,
  docsHint,
}: Pick<TodosApiSettings, 'issuer' | 'resource' | 'docsClientId' | 'docsHint'>): Middleware {
  return docsPage({
    title: 'Todos API',
    appName: 'Todos API documentation',
    clientId: docsClientId,
    issuer,
    resource,
    ...(docsHint !== undefined && { hint: docsHint }),
  });
}

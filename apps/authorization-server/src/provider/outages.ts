import { DatabaseUnavailableError } from '@latchkey/database';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';

/** The requests that failed only because the database was away, which the engine answers like any other failure. */
export interface Outages {
  met(ctx: Context): boolean;
}

export function noteOutages(provider: Provider): Outages {
  const requests = new WeakSet<object>();
  provider.on('server_error', (ctx, error) => {
    if (error instanceof DatabaseUnavailableError) requests.add(ctx.req);
  });
  return { met: (ctx) => requests.has(ctx.req) };
}

/**
 * Tells who draws the flow what passes here and what was checked, in a demonstration. It is loaded only where the settings
 * say so, and changes nothing: what it knows is read off the engine's context when the answer is made.
 */
import { createFlowReporter, createReportSender } from '@latchkey/flow-reports';
import type { Context, Middleware } from 'koa';
import { engineChecks } from './engine-checks.ts';
import { engineFacts } from './engine-facts.ts';
import { pageChecks } from './page-checks.ts';

export interface FlowReportsOptions {
  readonly issuer: string;
  readonly collector: { readonly url: string; readonly secret: string };
  /** The engine, for what it says of refusals. */
  readonly engine: { on(event: string, listen: (ctx: Context, error: Error) => void): unknown };
}

export interface FlowReports {
  readonly middleware: readonly Middleware[];
  close(): Promise<void>;
}

const refusals = [
  'authorization.error',
  'grant.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'introspection.error',
  'userinfo.error',
];

export function createFlowReports({ issuer, collector, engine }: FlowReportsOptions): FlowReports {
  const sender = createReportSender(collector);
  const reporter = createFlowReporter({
    party: 'authorization-server',
    origin: issuer,
    destination: () => 'client',
    tell: sender.tell,
  });
  const errors = new WeakMap<object, Error>();
  for (const event of refusals) engine.on(event, (ctx, error) => errors.set(ctx.req, error));

  return {
    middleware: [
      reporter.middleware(),
      async (ctx, next) => {
        await next();
        reporter.check([...pageChecks(ctx), ...engineChecks(engineFacts(ctx), errors.get(ctx.req))]);
      },
    ],
    close: sender.close,
  };
}

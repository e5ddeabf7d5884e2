/**
 * Tells who draws the flow what passes here and what the guard has found, in a demonstration. It is loaded only where the
 * settings say so, and changes nothing.
 */
import { createFlowReporter, createReportSender, type FlowReporter } from '@latchkey/flow-reports';
import type { Decision } from '@latchkey/resource-server';
import { guardChecks } from './guard-checks.ts';

export interface FlowReportsOptions {
  readonly publicUrl: string;
  readonly collector: { readonly url: string; readonly secret: string };
}

export interface FlowReports extends Pick<FlowReporter, 'middleware' | 'fetch'> {
  decided(decision: Decision): void;
  close(): Promise<void>;
}

export function createFlowReports({ publicUrl, collector }: FlowReportsOptions): FlowReports {
  const { tell, close } = createReportSender(collector);
  const reporter = createFlowReporter({
    party: 'api',
    origin: publicUrl,
    destination: () => 'authorization-server',
    tell,
    isQuiet: (path) => path.startsWith('/docs') || path === '/openapi.json',
  });
  return { ...reporter, close, decided: (decision) => reporter.check(guardChecks(decision, Date.now())) };
}

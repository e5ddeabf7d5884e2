/**
 * What every app does around its own work: listening on its address, answering probes, logging and counting requests,
 * continuing their traces, pinning the Host header, and stopping without cutting anybody off. It knows no routes but
 * the probes.
 */
export { canonicalHost } from './canonical-host.ts';
export { AddressInUseError, listen } from './listener.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { logOutages } from './outage-log.ts';
export { probes } from './probes.ts';
export { readQueriesOnce } from './query-reading.ts';
export { requestLog } from './request-log.ts';
export { stopOnSignals } from './stop-signals.ts';
export { currentTrace, traceContext, tracedFetch } from './trace-context.ts';

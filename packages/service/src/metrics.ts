import type { Middleware } from 'koa';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly contentType: string;
  text(): Promise<string>;
  /** Counts a request that was answered before it could be timed. */
  count(method: string, route: string, status: number): void;
  /** Counts and times every request by route: `route` names the pattern (`/todos/:id`), never the path a stranger chose. */
  requests(route: (ctx: Parameters<Middleware>[0]) => string | undefined): Middleware;
}

/** Prometheus metrics of one app, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const total = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by route.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, in seconds, by route.',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });

  const known = new Map<string, { total: Counter.Internal; duration: Histogram.Internal<string> }>();
  /** Routes and statuses are few, and looking them up by their labels takes longer than counting. */
  const seriesOf = (method: string, route: string, status: string) => {
    const key = `${method} ${status} ${route}`;
    let series = known.get(key);
    if (!series) {
      series = { total: total.labels({ method, route, status }), duration: duration.labels({ method, route }) };
      known.set(key, series);
    }
    return series;
  };

  return {
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    count(method, route, status) {
      const series = seriesOf(method, route, String(status));
      series.total.inc();
      series.duration.observe(0);
    },
    requests: (route) => async (ctx, next) => {
      const started = performance.now();
      try {
        await next();
      } finally {
        const method = knownMethods.has(ctx.method) ? ctx.method : 'OTHER';
        const series = seriesOf(method, route(ctx) ?? 'unmatched', String(ctx.status));
        series.total.inc();
        series.duration.observe((performance.now() - started) / 1000);
      }
    },
  };
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

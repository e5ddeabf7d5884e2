/**
 * The live picture: takes what this app and the others tell, and shows each browser its own part of it. Loaded only in a
 * demonstration. It decides nothing; what a browser may see is decided in presenting/.
 */
import Router from '@koa/router';
import { openDemoClock } from '@latchkey/demo-clock';
import { createFlowReporter, type FlowReporter } from '@latchkey/flow-reports';
import type { Middleware } from 'koa';
import { type FlowNeeds, flowRoutes } from './flow-routes.ts';
import { browserPicture } from './recording/browser-picture.ts';
import { createPictures } from './recording/pictures.ts';
import { reportRoutes } from './recording/report-routes.ts';
import { runRoutes } from './run-routes.ts';

export interface FlowOptions {
  readonly publicUrl: string;
  readonly apiUrl: string;
  /** What the other apps show when they tell. */
  readonly secret: string;
  /** The clock that the apps go by, where it can be moved. */
  readonly clockFile?: string | undefined;
}

export interface Flow extends Pick<FlowReporter, 'fetch' | 'check'> {
  /** Right behind `traceContext()`. */
  readonly middleware: readonly Middleware[];
  routes(needs: FlowNeeds): Router;
  /** Lets go whoever looks on. */
  close(): void;
}

/** What is asked for with every page and says nothing, and the picture itself. */
const quiet = /^\/(?:assets\/|flow(?:\/|$)|livez$|readyz$|metrics$|favicon)/;

export function createFlow({ publicUrl, apiUrl, secret, clockFile }: FlowOptions): Flow {
  const pictures = createPictures();
  const stopping = new AbortController();
  const clock = clockFile === undefined ? undefined : openDemoClock(clockFile);
  const isNoted = (path: string) => !quiet.test(path);
  const reporter = createFlowReporter({
    party: 'client',
    origin: publicUrl,
    destination: ({ origin }) => (origin === apiUrl ? 'api' : 'authorization-server'),
    senderAt: (path) => (path === '/auth/backchannel-logout' ? 'authorization-server' : undefined),
    tell: pictures.take,
    isQuiet: (path) => !isNoted(path),
  });

  return {
    fetch: reporter.fetch,
    check: reporter.check,
    middleware: [browserPicture(pictures, isNoted, publicUrl.startsWith('https:')), reporter.middleware()],
    routes(needs) {
      const router = new Router();
      router.use(reportRoutes(pictures, secret).routes());
      router.use(runRoutes(pictures, needs.now).routes());
      router.use(flowRoutes({ ...needs, pictures, clock, stopping: stopping.signal }).routes());
      return router;
    },
    close: () => stopping.abort(),
  };
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Report } from '@latchkey/flow-reports';
import { expect } from 'vitest';

/** Takes what a server tells of what passes there. */
export interface ReportCollector extends AsyncDisposable {
  /** What the server must be started with to tell it here. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was told of all that has passed at the server so far: of each request the last report, in the order in which they came. */
  told(issuer: string): Promise<readonly Report[]>;
  /** Of the last request to a path. */
  toldAt(issuer: string, path: string | RegExp): Promise<Report>;
  /** What was checked of that: `name`, or `name: what was found` if it failed. */
  checksAt(issuer: string, path: string | RegExp): Promise<string[]>;
  /** Forgets what it was told. */
  forget(): void;
}

const secret = 'what the server shows when it tells';

/** @param kind a deaf one takes connections and never answers */
export async function startCollector(kind: 'listening' | 'deaf' = 'listening'): Promise<ReportCollector> {
  const reports = new Map<string, Report>();
  const server: Server = createServer(async (request, response) => {
    if (kind === 'deaf') return;
    expect(request.headers.authorization).toBe(`Bearer ${secret}`);
    for (const report of JSON.parse(await text(request)) as Report[]) reports.set(report.id, report);
    response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;

  let fences = 0;

  const collector: ReportCollector = {
    environment: { FLOW_REPORTS_URL: `http://127.0.0.1:${port}/flow/reports`, FLOW_REPORTS_SECRET: secret },
    async told(issuer) {
      // What comes first is told first: once this is there, so is all that was before it.
      const fence = `${issuer}/fence-${++fences}`;
      await (await fetch(fence)).text();
      const isThere = () => [...reports.values()].some(({ request, answer }) => answer && request.url === fence);
      await expect.poll(isThere, { interval: 2 }).toBe(true);
      return [...reports.values()].filter(({ request }) => !request.url.includes('/fence-'));
    },
    async toldAt(issuer, path) {
      const fits = ({ pathname }: URL) => (typeof path === 'string' ? pathname === path : path.test(pathname));
      const last = (await collector.told(issuer)).findLast(({ request }) => fits(new URL(request.url)));
      if (!last) throw new Error(`nothing was told of ${path}`);
      return last;
    },
    async checksAt(issuer, path) {
      const { checks } = await collector.toldAt(issuer, path);
      return checks.map(({ name, outcome, detail }) => (outcome === 'passed' ? name : `${name}: ${detail}`));
    },
    forget: () => reports.clear(),
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
  return collector;
}

import { once } from 'node:events';
import { mkdtempDisposableSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findFreePorts, type LauncherRun, type PortSettings, runLauncher } from '../../e2e/launcher-run.ts';
import { childrenOf, untilGone } from './process-tree.ts';

interface Place {
  readonly ports: PortSettings;
  readonly dataDirectory: string;
  start(more?: Record<string, string>): LauncherRun;
  /** Starts it, and waits until all three apps are ready. */
  ready(): Promise<LauncherRun>;
}

/** Ports and a data folder of the test's own; whatever was started there ends with the test. */
async function findPlace(): Promise<Place> {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-launcher-'));
  const ports = await findFreePorts();
  const dataDirectory = join(folder.path, 'data');
  const runs: LauncherRun[] = [];
  onTestFinished(async () => {
    for (const run of runs) {
      run.process.kill('SIGTERM');
      await run.ended;
    }
    folder.remove();
  });
  const place: Place = {
    ports,
    dataDirectory,
    start(more = {}) {
      const run = runLauncher({ ...ports, DATA_DIR: dataDirectory, ...more });
      runs.push(run);
      return run;
    },
    async ready() {
      const run = place.start();
      await run.says(/Latchkey is ready/);
      return run;
    },
  };
  return place;
}

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s stops all three in reverse order, leaves no process, and is no failure',
  async (signal) => {
    const place = await findPlace();
    const run = await place.ready();
    const apps = childrenOf(run.process.pid);
    expect(apps).toHaveLength(3);
    run.process.kill(signal);
    expect(await run.ended).toEqual([0, null]);
    await untilGone(apps);
    const stops = [...run.output().matchAll(/^(\S+) +│ \S+ stopping/gm)].map(([, name]) => name);
    expect(stops).toEqual(['demo-client', 'todos-api', 'authorization-server']);
  },
);

test('Ctrl-C before all are ready stops those that run', async () => {
  const place = await findPlace();
  const run = place.start();
  await run.says(/authorization-server +│/);
  const apps = childrenOf(run.process.pid);
  run.process.kill('SIGINT');
  expect(await run.ended).toEqual([0, null]);
  await untilGone(apps);
  expect(run.output()).not.toContain('Latchkey is ready');
});

test('it says where to go and as whom, each address answers, and Ctrl-C that comes twice, from npm too, is one', async () => {
  const place = await findPlace();
  const run = await place.ready();
  for (const [variable, port] of Object.entries(place.ports)) {
    expect(run.output(), variable).toContain(`http://localhost:${port}\n`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  }
  expect(run.output()).toContain('alice / alice-password');
  expect(run.output(), 'colours in a pipe').not.toContain('\u001b');
  run.process.kill('SIGINT');
  run.process.kill('SIGINT');
  expect(await run.ended).toEqual([0, null]);
  expect(run.output()).toContain('stopping');
});

test.each(['127.0.0.1', '::1'])(
  'ports taken on %s are all named, with the variables that choose others',
  async (host) => {
    const place = await findPlace();
    const { AUTHORIZATION_SERVER_PORT: first, DEMO_CLIENT_PORT: third } = place.ports;
    for (const port of [first, third]) {
      const other = createServer().listen(Number(port), host);
      await once(other, 'listening');
      onTestFinished(() => void other.close());
    }
    const run = place.start();
    expect(await run.ended).toEqual([1, null]);
    expect(run.output()).toMatch(new RegExp(`Port ${first} is taken.*AUTHORIZATION_SERVER_PORT chooses another`));
    expect(run.output()).toMatch(new RegExp(`Port ${third} is taken.*DEMO_CLIENT_PORT chooses another`));
    expect(run.output()).not.toMatch(/TODOS_API_PORT| at .*\.ts:/);
  },
);

test('killed at once, it takes its apps with it, and starts again on the same data', async () => {
  const place = await findPlace();
  const run = await place.ready();
  const apps = childrenOf(run.process.pid);
  const secretFile = join(place.dataDirectory, 'demo-client/client-secret');
  const secret = readFileSync(secretFile, 'utf8');
  run.process.kill('SIGKILL');
  await run.ended;

  const again = await place.ready();
  await untilGone(apps);
  expect(childrenOf(again.process.pid)).toHaveLength(3);
  expect(readFileSync(secretFile, 'utf8')).toBe(secret);
  expect(statSync(secretFile).mode & 0o777).toBe(0o600);
});

test.each(['authorization-server', 'demo-client'])(
  'when the %s dies, it says so, stops the others and fails',
  async (name) => {
    const place = await findPlace();
    const run = await place.ready();
    const apps = childrenOf(run.process.pid);
    const victim = apps.find(({ command }) => command.includes(`apps/${name}/`));
    if (!victim) throw new Error(`${name} does not run`);
    process.kill(victim.pid, 'SIGKILL');
    expect(await run.ended).toEqual([1, null]);
    expect(run.output()).toMatch(
      new RegExp(`The ${name.replace('-', '.')}.* ended by itself \\(killed by SIGKILL\\)`, 'i'),
    );
    await untilGone(apps);
  },
);

test('an app that cannot start is named, with its own words above', async () => {
  const place = await findPlace();
  const run = place.start({ LOG_LEVEL: 'nonsense' });
  expect(await run.ended).toEqual([1, null]);
  expect(run.output()).toMatch(/authorization-server │.*LOG_LEVEL/);
  expect(run.output()).toMatch(/The authorization server did not start \(exit code 1\)/);
  expect(run.output()).not.toMatch(/^\s+at /m);
});

test('two copies run beside one another', async () => {
  const [first, second] = await Promise.all([findPlace(), findPlace()]);
  const runs = await Promise.all([first.ready(), second.ready()]);
  for (const run of runs) expect(childrenOf(run.process.pid)).toHaveLength(3);
});

test('a shell full of settings for other programs does not confuse it', async () => {
  const place = await findPlace();
  const run = place.start({
    PORT: '1',
    HOST: 'nowhere.example',
    ISSUER: 'https://login.example',
    PUBLIC_URL: 'https://app.example',
    CLIENT_SECRET: 'stray',
  });
  await run.says(/Latchkey is ready/);
});

test('production is refused before anything is written', async () => {
  const place = await findPlace();
  const run = place.start({ NODE_ENV: 'production' });
  expect(await run.ended).toEqual([1, null]);
  expect(run.output()).toContain('does not run in production');
  expect(statSync(place.dataDirectory, { throwIfNoEntry: false })).toBeUndefined();
});

test('a data folder that cannot be used is a plain sentence', async () => {
  const place = await findPlace();
  const run = place.start({ DATA_DIR: '/dev/null/data' });
  expect(await run.ended).toEqual([1, null]);
  expect(run.output()).toMatch(/The data folder cannot be used \(.*\)\. Choose another one with DATA_DIR\./);
});

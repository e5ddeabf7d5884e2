import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { refreshTokenIn } from '@latchkey/race-suite/wire';
import { expect, test, vi } from 'vitest';
import { type App, openApp } from '../../apps/proving-ground/src/fleet/app.ts';
import { type Fleet, startFleet } from '../../apps/proving-ground/src/fleet/fleet.ts';

async function startOne() {
  const fleet = await startFleet({ engine: 'sqlite', replicas: 1 });
  const app = await openApp(fleet, await fleet.register());
  const refresh = refreshTokenIn(await app.client.exchange(await app.codes.code())) ?? '';
  return { fleet, app, refresh, [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose]() };
}

async function expectRefusedKindly({ issuer, replicas }: Fleet, app: App, refresh: string) {
  const [answer, page, ready] = await Promise.all([
    app.client.refresh(refresh),
    fetch(`${issuer}/device`, { headers: { accept: 'text/html' } }),
    replicas[0]?.ready(),
  ]);
  expect(answer).toMatchObject({ status: 503, error: 'temporarily_unavailable' });
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('We will be right back');
  expect(ready).toBe(503);
  expect((await fetch(`${issuer}/livez`)).status).toBe(200);
}

async function expectGoesOn({ replicas }: Fleet, app: App, refresh: string) {
  await vi.waitFor(async () => expect(await replicas[0]?.ready()).toBe(200), { timeout: 10_000, interval: 50 });
  const answer = await app.client.refresh(refresh);
  expect(answer.status).toBe(200);
  const again = await app.client.refresh(refreshTokenIn(answer) ?? '');
  expect(again.status).toBe(200);
}

test('a file that somebody else keeps locked: 503 with Retry-After and not ready, then on without a restart', async () => {
  await using one = await startOne();
  using other = new DatabaseSync(one.fleet.databaseFile);
  other.exec('BEGIN IMMEDIATE');
  await expectRefusedKindly(one.fleet, one.app, one.refresh);
  other.exec('ROLLBACK');
  await expectGoesOn(one.fleet, one.app, one.refresh);
  const said = one.fleet.replicas[0]?.log() ?? '';
  expect(said.match(/the database does not answer/g)).toHaveLength(1);
});

test.skipIf(process.platform !== 'linux')('a disk that is full: the same, and no row is half written', async () => {
  await using one = await startOne();
  const pid = one.fleet.replicas[0]?.pid();
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
  // NOTE: as a full disk would: what is there may be written again, nothing may grow.
  limit(`${statSync(`${one.fleet.databaseFile}-wal`).size}:unlimited`);
  await vi.waitFor(async () => expect((await one.app.client.refresh(one.refresh)).status).toBe(503), {
    timeout: 10_000,
  });
  await expectRefusedKindly(one.fleet, one.app, one.refresh);
  limit('unlimited:unlimited');
  using file = new DatabaseSync(one.fleet.databaseFile);
  expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  await expectGoesOn(one.fleet, one.app, one.refresh);
});

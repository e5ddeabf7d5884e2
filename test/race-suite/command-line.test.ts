import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RaceReport } from '@latchkey/race-suite';
import { expect, onTestFinished, test } from 'vitest';
import { startTown } from '../authorization-server/town.ts';
import { startNaiveServer } from './naive-server.ts';

const program = join(import.meta.dirname, '../../apps/authorization-server/src/cli.ts');

/** Somebody at a terminal, with nothing of the server at hand but its address. */
async function race(flags: Record<string, string>, switches: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const pairs = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [program, 'race', ...pairs, ...switches], {
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

test('at a server where everything holds it prints a table and exits with 0', async () => {
  await using town = await startTown();
  const app = await town.app();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-race-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'password'), 'alice-password\n');
  const flags = {
    issuer: town.issuer,
    client: app.id,
    'redirect-uri': app.redirectUri,
    username: 'alice',
    'password-file': join(folder, 'password'),
    rounds: '2',
    parallel: '10',
    only: 'codes,refresh',
  };
  const { code, out, err } = await race(flags, [], { LATCHKEY_RACE_CLIENT_SECRET: app.secret });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^✓ held {2}codes {4}a code buys tokens once .* RFC 6749 §4\.1\.2 .* 2\/2 {2}2 × 200, 18 × 400/m);
  expect(out).toMatch(/^✓ held {2}refresh {2}all uses within the grace get one successor .* 2\/2 {2}20 × 200$/m);
  expect(out).toMatch(/^Everything that must hold held: 5 held\.\n\d+ requests in \d+\.\d s, [\d,]+ a second\.$/m);
});

test('at a naive server it exits with 1, and says as data what was spent more than once', async () => {
  await using server = await startNaiveServer();
  const flags = {
    issuer: server.issuer,
    client: server.client.id,
    'redirect-uri': server.redirectUri,
    rounds: '1',
    parallel: '10',
    only: 'codes',
  };
  const { code, out, err } = await race(flags, ['--no-grace', '--json'], {
    LATCHKEY_RACE_CLIENT_SECRET: server.client.secret,
    LATCHKEY_RACE_COOKIE: server.cookie,
  });
  expect({ code, err }).toEqual({ code: 1, err: '' });
  const report = JSON.parse(out) as RaceReport;
  expect(report).toMatchObject({ issuer: server.issuer, verdict: 'did not hold', rounds: 1, parallel: 10, grace: 0 });
  expect(report.findings[0]).toMatchObject({ trial: 'codes', from: 'RFC 6749 §4.1.2', verdict: 'did not hold' });
  for (const secret of [server.cookie, server.client.secret ?? '']) expect(out).not.toContain(secret);
});

test('what cannot run exits with 2 and says why: flags, a server that is away, a session that is not signed in', async () => {
  const missing = await race({}, []);
  expect(missing).toMatchObject({ code: 2, out: '' });
  expect(missing.err).toContain('--issuer is missing');

  await using server = await startNaiveServer();
  const flags = { issuer: server.issuer, client: server.client.id, 'redirect-uri': server.redirectUri };
  const signedOut = await race(flags, ['--json'], {
    LATCHKEY_RACE_CLIENT_SECRET: server.client.secret,
    LATCHKEY_RACE_COOKIE: 'session=none',
  });
  expect(signedOut.code).toBe(2);
  expect(JSON.parse(signedOut.out)).toEqual({
    error: 'could not run',
    problems: ['No code: login_required. The cookie is of no session that is signed in.'],
  });
});

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres, temporaryDatabase } from './index.ts';
import { forkProgram } from './programs.ts';

/** A signal that does nothing finds out. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each([
  { how: 'has nothing more to do', signal: undefined, code: 3 },
  { how: 'is interrupted', signal: 'SIGINT', code: null },
  { how: 'is killed hard', signal: 'SIGKILL', code: null },
] as const)('a program that $how leaves no server and no folder behind', async ({ signal, code }) => {
  const program = forkProgram('borrowing', {});
  const [{ pid, folder }] = await once(program, 'message');
  expect(isRunning(pid) && existsSync(folder)).toBe(true);
  const exited = once(program, 'exit');
  if (signal) program.kill(signal);
  else program.disconnect();
  expect(await exited).toEqual([code, signal ?? null]);
  await expect.poll(() => isRunning(pid) || existsSync(folder), { timeout: 10_000 }).toBe(false);
});

test('it may be stopped and started, and says when it cannot be', async () => {
  await using server = await startPostgres({ durable: false });
  const url = await server.createDatabase();
  await server.query(url, 'CREATE TABLE kept (id TEXT)');
  await expect(server.start()).rejects.toThrow('runs already');
  await server.stop();
  await expect(server.query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await server.start();
  expect(await server.query(url, 'SELECT * FROM kept')).toEqual([]);
  process.kill(server.pid(), 'SIGKILL');
});

test('it starts again also while a process of the one that was killed still holds its memory', async () => {
  await using server = await startPostgres({ durable: false });
  const client = new pg.Client(await server.createDatabase());
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const postmaster = server.pid();
  process.kill(rows[0].pid, 'SIGSTOP');
  process.kill(postmaster, 'SIGKILL');
  await expect.poll(() => isRunning(postmaster), { interval: 1 }).toBe(false);
  const started = server.start();
  setTimeout(() => process.kill(rows[0].pid, 'SIGCONT'), 500);
  await started;
  expect(server.pid()).not.toBe(postmaster);
});

test('each is lent a database of its own, empty also where somebody has left something', async () => {
  await using first = await temporaryDatabase('postgres');
  await using second = await temporaryDatabase('postgres');
  expect(first.url).not.toBe(second.url);
  for (let times = 0; times < 3; times += 1) {
    await using lent = await temporaryDatabase('postgres');
    const client = new pg.Client(lent.url);
    await client.connect();
    const { rows } = await client.query("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1");
    expect(rows).toEqual([{ nspname: 'information_schema' }, { nspname: 'public' }]);
    await client.query('CREATE TABLE mine (id TEXT); CREATE SCHEMA "a b"; CREATE TABLE "a b".mine (id TEXT)');
    await client.end();
  }
});

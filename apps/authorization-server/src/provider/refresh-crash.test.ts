import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createClients } from '../clients/clients.ts';
import { registerApp } from '../testing/engine-client.ts';
import { startEngine } from '../testing/running-engine.ts';
import { startTables } from '../testing/temporary-tables.ts';

test('a server killed before the successor is stored: a retry at the next server gets that successor', async () => {
  await using tables = await startTables();
  const script = new URL('../testing/dying-engine-process.ts', import.meta.url);
  const task = JSON.stringify({ place: tables.place, key: tables.key.toString('base64url') });
  const doomed = fork(script, [task], { execArgv: [], stdio: 'inherit' });
  const exit = once(doomed, 'exit');
  const [issuer] = (await once(doomed, 'message')) as [string];
  const app = await registerApp({ issuer, clients: createClients(tables.database, () => {}) });
  const { refresh_token: spent = '' } = await app.signIn();
  await expect(app.refresh(spent)).rejects.toThrow();
  expect((await exit)[1]).toBe('SIGKILL');

  await using next = await startEngine({ tables });
  const retried = [await app.refresh(spent, next.issuer), await app.refresh(spent, next.issuer)];
  expect(retried.map(({ status }) => status)).toEqual([200, 200]);
  const successor = tables.keyring.digest('refresh-successor', spent);
  expect(retried.map(({ body }) => body.refresh_token)).toEqual([successor, successor]);
  expect((await app.refresh(successor, next.issuer)).status).toBe(200);
});

test('a server killed before the successor is stored, and nobody retries within the grace: it is reuse', async () => {
  let cut = true;
  await using engine = await startEngine({
    refreshGrace: 0,
    slowed: (artifacts) => ({
      ...artifacts,
      async save(model, id, payload, placement, transaction) {
        if (model === 'RefreshToken' && payload.rotations === 1 && cut) throw new Error('cut off here');
        await artifacts.save(model, id, payload, placement, transaction);
      },
    }),
  });
  const app = await registerApp(engine);
  const { refresh_token: spent = '' } = await app.signIn();
  expect((await app.refresh(spent)).status).toBe(500);
  cut = false;
  expect(await app.refresh(spent)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('a server that fails after the successor is stored, before it answers: a retry gets that successor', async () => {
  let cut = true;
  await using engine = await startEngine({
    slowed: (artifacts) => ({
      ...artifacts,
      async save(model, id, payload, placement, transaction) {
        await artifacts.save(model, id, payload, placement, transaction);
        if (model === 'RefreshToken' && payload.rotations === 1 && cut) throw new Error('cut off here');
      },
    }),
  });
  const app = await registerApp(engine);
  const { refresh_token: spent = '' } = await app.signIn();
  expect((await app.refresh(spent)).status).toBe(500);
  cut = false;
  const { status, body } = await app.refresh(spent);
  expect(status).toBe(200);
  expect(body.refresh_token).toBe(engine.keyring.digest('refresh-successor', spent));
  expect((await app.refresh(String(body.refresh_token))).status).toBe(200);
});

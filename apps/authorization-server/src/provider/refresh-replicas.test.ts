import { expect, test } from 'vitest';
import { registerApp } from '../testing/engine-client.ts';
import { startEngine } from '../testing/running-engine.ts';
import { startTables } from '../testing/temporary-tables.ts';

test('refreshes at two servers of one database at once: one successor, one line', async () => {
  await using tables = await startTables();
  await using one = await startEngine({ tables });
  await using two = await startEngine({ tables: { database: await tables.again(), keyring: tables.keyring } });
  const app = await registerApp(one);
  let { refresh_token: token = '' } = await app.signIn();
  for (let round = 0; round < 8; round += 1) {
    const places = [one, two, one, two].map(({ issuer }) => issuer);
    const answers = await Promise.all(places.map((issuer) => app.refresh(token, issuer)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const successors = new Set(answers.map(({ body }) => body.refresh_token));
    expect([...successors]).toEqual([tables.keyring.digest('refresh-successor', token)]);
    [token = ''] = successors;
  }
});

test('a revocation at one server and refreshes at both: nothing lives at either', async () => {
  await using tables = await startTables();
  await using one = await startEngine({ tables });
  await using two = await startEngine({ tables: { database: await tables.again(), keyring: tables.keyring } });
  const app = await registerApp(one);
  for (let round = 0; round < 8; round += 1) {
    const { refresh_token: token = '' } = await app.signIn();
    const answers = await Promise.all([
      app.refresh(token, one.issuer),
      app.refresh(token, two.issuer),
      app.post('/revoke', { token }),
    ]);
    const successors = answers.flatMap(({ body }) => body.refresh_token ?? []);
    for (const each of [token, ...successors]) {
      for (const { issuer } of [one, two]) expect((await app.refresh(each, issuer)).status).toBe(400);
    }
  }
});

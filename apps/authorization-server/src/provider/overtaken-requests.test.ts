import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { registerApp } from '../testing/engine-client.ts';
import { holdStorage, type Moment } from '../testing/held-storage.ts';
import { startEngine } from '../testing/running-engine.ts';

/*
 * A request for tokens stops between two steps of the engine; what ends its family overtakes it there, from beginning
 * to end; then the request goes on. Whatever it is answered, nothing of the family may live.
 */

let engine: Awaited<ReturnType<typeof startEngine>>;
let app: Awaited<ReturnType<typeof registerApp>>;
const storage = holdStorage();

beforeAll(async () => {
  engine = await startEngine({ slowed: storage.slowed });
  app = await registerApp(engine);
});
afterAll(() => engine[Symbol.asyncDispose]());

interface Line {
  readonly code: string;
  /** Spent, and their successors used. */
  readonly spent: readonly string[];
  readonly tip: string;
  readonly accessTokens: readonly string[];
}

/** Opaque access tokens, since a signed one is good until it runs out, whatever happens. */
async function startLine(): Promise<Line> {
  const code = String((await app.authorize({ scope: 'openid' })).get('code'));
  const first = (await app.exchange(code)).body;
  const second = (await app.refresh(String(first.refresh_token))).body;
  const third = (await app.refresh(String(second.refresh_token))).body;
  return {
    code,
    spent: [String(first.refresh_token), String(second.refresh_token)],
    tip: String(third.refresh_token),
    accessTokens: [first, second, third].map(({ access_token }) => String(access_token)),
  };
}

const ends: Readonly<Record<string, (line: Line) => Promise<unknown>>> = {
  'a revocation of the refresh token': ({ tip }) => app.post('/revoke', { token: tip }),
  'a revocation of a spent refresh token': ({ spent }) => app.post('/revoke', { token: String(spent[0]) }),
  'a revocation of an access token': ({ accessTokens }) => app.post('/revoke', { token: String(accessTokens[0]) }),
  'a reuse of an older refresh token': ({ spent }) => app.refresh(String(spent[0])),
  'a replay of the code': ({ code }) => app.exchange(code),
  'a withdrawal of consent': () => engine.withdraw(engine.alice.id, app.id),
  'a sign-out': () => app.signOut(),
  'the person being disabled, and enabled again': async () => {
    await engine.accounts.setDisabled(engine.alice.id, true);
    await engine.sessions.endAllOf(engine.alice.id);
    await engine.accounts.setDisabled(engine.alice.id, false);
  },
  'the client being removed, and registered again under its id': async () => {
    const { metadata } = (await engine.clients.find(app.id)) ?? {};
    await engine.clients.remove(app.id);
    await engine.clients.add({ ...metadata, client_secret: app.secret }, app.id);
  },
};

/** Of all these tokens, those that are still good for something. */
async function survivors(refreshTokens: readonly string[], accessTokens: readonly string[]): Promise<string[]> {
  const alive: string[] = [];
  const userinfo = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${engine.issuer}/userinfo`, { headers })).status === 200;
  };
  for (const token of [...refreshTokens, ...accessTokens]) {
    if ((await app.post('/introspect', { token })).body.active) alive.push(`${token} introspected`);
  }
  for (const token of refreshTokens) {
    if ((await app.refresh(token)).status !== 400) alive.push(`${token} refreshed`);
  }
  for (const token of accessTokens) if (await userinfo(token)) alive.push(`${token} at userinfo`);
  for (const token of [...refreshTokens, ...accessTokens]) {
    expect((await app.post('/revoke', { token })).status).toBe(200);
  }
  return alive;
}

const refreshMoments: readonly Moment[] = [
  'after find RefreshToken',
  'before consume RefreshToken',
  'after consume RefreshToken',
  'after save RefreshToken',
  'after save AccessToken',
];

test.each(Object.keys(ends).flatMap((end) => refreshMoments.map((moment) => [moment, end] as const)))(
  'a refresh stopped %s, and overtaken by %s',
  async (moment, end) => {
    const line = await startLine();
    const { reached, goOn } = storage.stopAt(moment);
    const refreshing = app.refresh(line.tip);
    await reached;
    await ends[end]?.(line);
    goOn();
    const { body } = await refreshing;
    const successor = engine.keyring.digest('refresh-successor', line.tip);
    const accessTokens = [...line.accessTokens, ...(body.access_token ? [body.access_token] : [])];
    expect(await survivors([successor, line.tip, ...line.spent], accessTokens)).toEqual([]);
  },
);

const exchangeMoments: readonly Moment[] = [
  'after find AuthorizationCode',
  'before consume AuthorizationCode',
  'after consume AuthorizationCode',
  'after save AccessToken',
  'after save RefreshToken',
];
const exchangeEnds = Object.keys(ends).filter((end) => !/revocation|older/.test(end));

test.each(exchangeEnds.flatMap((end) => exchangeMoments.map((moment) => [moment, end] as const)))(
  'an exchange stopped %s, and overtaken by %s',
  async (moment, end) => {
    const code = String((await app.authorize({ scope: 'openid' })).get('code'));
    const { reached, goOn } = storage.stopAt(moment);
    const exchanging = app.exchange(code);
    await reached;
    const replayed = end === 'a replay of the code' ? await app.exchange(code) : undefined;
    if (!replayed) await ends[end]?.({ code, spent: [], tip: '', accessTokens: [] });
    goOn();
    const answers = [await exchanging, ...(replayed ? [replayed] : [])];
    if (replayed) expect(answers.map(({ status }) => status)).toContain(400);
    expect((await app.exchange(code)).status).toBe(400);
    const given = answers.map(({ body }) => body).filter(({ access_token }) => access_token !== undefined);
    const refreshTokens = given.map(({ refresh_token }) => String(refresh_token));
    expect(
      await survivors(
        refreshTokens,
        given.map(({ access_token }) => String(access_token)),
      ),
    ).toEqual([]);
  },
);

test('what an overtaken refresh has stored is swept when it has run out', async () => {
  const line = await startLine();
  const rows = () => engine.query.selectFrom('artifacts').select('model').where('model', '=', 'RefreshToken').execute();
  const before = (await rows()).length;
  const { reached, goOn } = storage.stopAt('after consume RefreshToken');
  const refreshing = app.refresh(line.tip);
  await reached;
  await engine.withdraw(engine.alice.id, app.id);
  goOn();
  await refreshing;
  expect((await rows()).length).toBeLessThan(before);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 24 * 60 * 60 * 1000 });
  try {
    await engine.artifacts.sweep(10_000);
  } finally {
    vi.useRealTimers();
  }
  expect(await rows()).toEqual([]);
});

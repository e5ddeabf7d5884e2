import { expect, test } from 'vitest';
import { answerOf, headingOf, isConsent, isSignIn, namesOn, scopesOn } from './person.ts';
import { startTown } from './town.ts';

test('what Alice allowed is remembered, in another browser too', async () => {
  await using town = await startTown();
  const planner = await town.app();
  await town.person('alice').connect(planner, { scope: 'openid read:todos' });
  const elsewhere = town.person('alice');
  const page = await elsewhere.signIn(await elsewhere.open(planner.request({ scope: 'openid read:todos' })));
  expect(answerOf(page)).toHaveProperty('code');
});

test('what Alice allowed says nothing about Bob, nor about another app', async () => {
  await using town = await startTown();
  const [planner, other, alice, bob] = [await town.app(), await town.app(), town.person('alice'), town.person('bob')];
  await alice.connect(planner);
  expect(isConsent(await bob.signIn(await bob.open(planner.request())))).toBe(true);
  expect(isConsent(await alice.open(other.request()))).toBe(true);
});

test('an app that asks for more shows only what is new, marked New, beside what was allowed', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner, { scope: 'openid read:todos' });
  const request = planner.request({ scope: 'openid email read:todos write:todos' });
  const page = await alice.open(request);
  expect(headingOf(page)).toBe('Planner also wants to');
  expect(scopesOn(page)).toMatchObject([
    { name: 'email', isNew: true, ticked: true, required: false },
    { name: 'write:todos', isNew: true, ticked: true, required: false },
  ]);
  const allowed = page.text.slice(page.text.indexOf('Already allowed'));
  expect(allowed).toContain('See your todos');

  const { code } = answerOf(await alice.allow(page));
  const { body } = await planner.exchange(code, request);
  expect(body.scope).toBe('read:todos write:todos');
});

test('refusing the new keeps the old', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid read:todos' });
  const page = await alice.deny(await alice.open(planner.request({ scope: 'openid read:todos write:todos' })));
  expect(answerOf(page)).toMatchObject({ error: 'access_denied' });
  expect((await planner.refresh(tokens.refresh_token)).body.scope).toBe('read:todos');
  expect(answerOf(await alice.open(planner.request({ scope: 'openid read:todos' })))).toHaveProperty('code');
});

test('what was declined is not asked again, until the app says so with prompt=consent', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const scope = 'openid read:todos write:todos';
  await alice.connect(planner, { scope }, { without: ['write:todos'] });

  const request = planner.request({ scope });
  const silent = answerOf(await alice.open(request));
  expect((await planner.exchange(silent.code, request)).body.scope).toBe('read:todos');

  const asking = planner.request({ scope, prompt: 'consent' });
  const page = await alice.open(asking);
  expect(namesOn(page)).toEqual(['write:todos']);
  const { code } = answerOf(await alice.allow(page));
  const { body } = await planner.exchange(code, asking);
  expect(body.scope).toBe('read:todos write:todos');
});

test('a change of mind reaches the tokens of the same session at their next refresh', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const scope = 'openid read:todos write:todos';
  const tokens = await alice.connect(planner, { scope });
  const page = await alice.open(planner.request({ scope, prompt: 'consent' }));
  expect(namesOn(page)).toEqual(['openid', 'read:todos', 'write:todos']);
  answerOf(await alice.allow(page, { without: ['write:todos'] }));
  expect((await planner.refresh(tokens.refresh_token)).body.scope).toBe('read:todos');
});

test('a declined scope that the person is asked again and declines again stays declined', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const scope = 'openid read:todos';
  await alice.connect(planner, { scope }, { without: ['read:todos'] });
  const page = await alice.open(planner.request({ scope, prompt: 'consent' }));
  answerOf(await alice.allow(page, { without: ['read:todos'] }));
  const request = planner.request({ scope });
  const { code } = answerOf(await alice.open(request));
  expect((await planner.exchange(code, request)).body.scope).toBe('');
});

test('two tabs finish consent at once: both codes are good, both refresh tokens live, and sign-out ends both', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  await alice.connect(await town.app());
  for (const sameApp of [true, false]) {
    for (let round = 0; round < 4; round++) {
      const planner = await town.app();
      const apps = [planner, sameApp ? planner : await town.app()];
      const requests = apps.map((app, tab) =>
        app.request({ scope: tab === 0 ? 'openid read:todos' : 'openid write:todos' }),
      );
      const pages = [];
      for (const request of requests) {
        const page = await alice.open(request);
        pages.push(isSignIn(page) ? await alice.signIn(page) : page);
      }
      const answers = (await Promise.all(pages.map((page) => alice.allow(page)))).map(answerOf);
      const refreshTokens = [];
      for (const [tab, app] of apps.entries()) {
        const request = requests[tab];
        if (!request) throw new TypeError('each tab has its request');
        const { status, body } = await app.exchange(answers[tab]?.code, request);
        expect(status).toBe(200);
        const refreshed = await app.refresh(body.refresh_token);
        expect(refreshed.status).toBe(200);
        refreshTokens.push(refreshed.body.refresh_token);
      }
      expect(headingOf(await alice.signOut())).toBe('You are signed out');
      for (const [tab, app] of apps.entries()) expect((await app.refresh(refreshTokens[tab])).status).toBe(400);
    }
  }
});

test('two tabs on the sign-in page: who signs in in both gets an answer in both, and one sign-out ends both', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const requests = [planner.request(), planner.request()];
  const pages = [];
  for (const request of requests) pages.push(await alice.open(request));
  const refreshTokens = [];
  for (const [tab, page] of pages.entries()) {
    const request = requests[tab];
    if (!request) throw new TypeError('each tab has its request');
    const next = await alice.signIn(page);
    const { code } = answerOf(isConsent(next) ? await alice.allow(next) : next);
    refreshTokens.push((await planner.exchange(code, request)).body.refresh_token);
  }
  expect(refreshTokens[0]).not.toBe(refreshTokens[1]);
  await alice.signOut();
  for (const token of refreshTokens) expect((await planner.refresh(token)).status).toBe(400);
});

test('a scope that is taken back in one session is gone from the tokens of all', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const scope = 'openid read:todos write:todos';
  const first = await town.person('alice').connect(planner, { scope });
  expect(first.scope).toBe('read:todos write:todos');

  const elsewhere = town.person('alice');
  await elsewhere.connect(planner, { scope, prompt: 'consent' }, { without: ['write:todos'] });
  expect((await planner.refresh(first.refresh_token)).body.scope).toBe('read:todos');
});

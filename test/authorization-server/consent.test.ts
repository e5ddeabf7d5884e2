import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';
import { expect, test } from 'vitest';
import { headingOf, isConsent, namesOn, type Person, scopesOn } from './person.ts';
import { startTown, type Town } from './town.ts';

const scopeOf = async (town: Town, token: unknown) => (await town.verify(token)).payload.scope ?? '';

async function toConsent(person: Person, url: URL) {
  const page = await person.open(url);
  return isConsent(page) ? page : person.signIn(page);
}

test('S1: the consent page says in the catalogue’s words what the app wants, all ticked, the required fixed', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ required_scopes: 'read:todos' }), town.person('alice')];
  const page = await toConsent(alice, planner.request({ scope: 'openid email read:todos write:todos' }).url);
  expect(headingOf(page)).toBe('Planner wants to');
  expect(page.text).toContain('Alice Archer');
  expect(page.text).toContain('planner.example');
  const descriptionOf = (name: string) =>
    (openidScopes.get(name as never) ?? todosScopes.get(name as never))?.description;
  expect(scopesOn(page)).toEqual(
    [
      { name: 'openid', required: true },
      { name: 'read:todos', required: true },
      { name: 'email', required: false },
      { name: 'write:todos', required: false },
    ].map((each) => ({ ...each, ticked: true, isNew: false, description: descriptionOf(each.name) })),
  );
});

test('S5: Bob may not grant admin or writing: neither is shown, neither is in his token', async () => {
  await using town = await startTown();
  const [planner, bob] = [await town.app(), town.person('bob')];
  const request = planner.request({ scope: 'openid read:todos write:todos admin' });
  expect(namesOn(await toConsent(bob, request.url))).toEqual(['openid', 'read:todos']);

  const tokens = await bob.connect(planner, { scope: 'openid read:todos write:todos admin' });
  expect(await scopeOf(town, tokens.access_token)).toBe('read:todos');
  expect(tokens.scope).toBe('read:todos');
  expect(await scopeOf(town, (await planner.refresh(tokens.refresh_token)).body.access_token)).toBe('read:todos');
});

test('S5: nothing left of what was asked means a token without API scopes, not a refusal', async () => {
  await using town = await startTown();
  const [planner, bob] = [await town.app(), town.person('bob')];
  const page = await toConsent(bob, planner.request({ scope: 'admin' }).url);
  expect(scopesOn(page)).toEqual([]);
  const tokens = await bob.connect(planner, { scope: 'admin' });
  expect(await scopeOf(town, tokens.access_token)).toBe('');
  // RFC 6749, section 5.1: without a word about it, the app would take all for granted.
  expect(tokens.scope).toBe('');
  expect((await town.verify(tokens.access_token)).payload.aud).toBe(town.settings.todosApi);
});

test('everything unticked: the app is connected, and its token opens nothing', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const scope = 'read:todos write:todos';
  const tokens = await alice.connect(planner, { scope }, { without: ['read:todos', 'write:todos'] });
  expect(await scopeOf(town, tokens.access_token)).toBe('');
  expect(tokens).not.toHaveProperty('id_token');
  const refreshed = await planner.refresh(tokens.refresh_token);
  expect(await scopeOf(town, refreshed.body.access_token)).toBe('');
  expect([tokens.scope, refreshed.body.scope]).toEqual(['', '']);
});

test('Alice unticks writing: the token, and every later one, reads only', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const scope = 'openid read:todos write:todos';
  const tokens = await alice.connect(planner, { scope }, { without: ['write:todos'] });
  expect(await scopeOf(town, tokens.access_token)).toBe('read:todos');
  expect(tokens.scope).toBe('read:todos');
  const refreshed = await planner.refresh(tokens.refresh_token);
  expect(await scopeOf(town, refreshed.body.access_token)).toBe('read:todos');
});

test('an unticked email is not told, neither in the ID token nor at /userinfo', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile email' }, { without: ['email'] });
  const answer = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  const claims = await answer.json();
  expect(claims).toHaveProperty('name');
  expect(claims).not.toHaveProperty('email');
});

test('a person who loses a scope loses it at the next refresh, and has it back when it is given again', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { accounts } = town.server;
  const id = String((await accounts.findByUsername('alice'))?.id);
  let tokens = await alice.connect(planner, { scope: 'openid read:todos write:todos' });
  for (const [grantable, expected] of [
    [['read:todos'], 'read:todos'],
    [[], ''],
    [['read:todos', 'write:todos', 'admin'], 'read:todos write:todos'],
  ] as const) {
    await accounts.setGrantableScopes(id, grantable);
    tokens = (await planner.refresh(tokens.refresh_token)).body;
    expect(await scopeOf(town, tokens.access_token)).toBe(expected);
    expect(tokens.scope).toBe(expected);
  }
});

test('between consent and exchange a scope can still be lost', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request({ scope: 'openid read:todos write:todos' });
  const { code } = await alice.authorize(request);
  const account = await town.server.accounts.findByUsername('alice');
  await town.server.accounts.setGrantableScopes(String(account?.id), ['read:todos']);
  const { body } = await planner.exchange(code, request);
  expect(await scopeOf(town, body.access_token)).toBe('read:todos');
});

test('Alice says no: the app learns that, with its state and the issuer, and nothing else', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const page = await alice.deny(await toConsent(alice, request.url));
  expect(Object.fromEntries(page.url.searchParams)).toEqual({
    error: 'access_denied',
    error_description: 'the person did not allow this request',
    state: request.state,
    iss: town.issuer,
  });
  expect(isConsent(await alice.open(planner.request()))).toBe(true);
});

test('cancelling the sign-in goes back to the app in the same way', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const page = await alice.press(await alice.open(request), 'abort');
  expect(Object.fromEntries(page.url.searchParams)).toMatchObject({ error: 'access_denied', state: request.state });
});

test('what required scopes are cannot be left out by leaving the form empty', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ required_scopes: 'read:todos' }), town.person('alice')];
  const request = planner.request({ scope: 'openid read:todos write:todos' });
  const page = await alice.press(await toConsent(alice, request.url), 'confirm', []);
  const { body } = await planner.exchange(page.url.searchParams.get('code') ?? '', request);
  expect(await scopeOf(town, body.access_token)).toBe('read:todos');
  expect(body).toHaveProperty('id_token');
});

test('a tampered form cannot grant what was not asked, nor what the person may not grant', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  for (const scope of ['openid read:todos', 'openid read:todos admin']) {
    const planner = await town.app();
    const request = planner.request({ scope });
    const fields: [string, string][] = ['read:todos', 'write:todos', 'admin', 'email', ''].map((name) => [
      'scope',
      name,
    ]);
    const page = await alice.press(await toConsent(alice, request.url), 'confirm', fields);
    const { body } = await planner.exchange(page.url.searchParams.get('code') ?? '', request);
    expect(await scopeOf(town, body.access_token)).toBe('read:todos');
    const more = await alice.open(planner.request({ scope: 'openid email write:todos' }));
    expect(namesOn(more)).toEqual(['email', 'write:todos']);
  }
});

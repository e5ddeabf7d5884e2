import { expect, test } from 'vitest';
import { headingOf, isSignIn } from './person.ts';
import { startTown } from './town.ts';

test('Alice sees which app may do what, takes it back, and the app has nothing any more', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const alice = town.person('alice');
  const tokens = await alice.connect(planner, { scope: 'openid email read:todos' });

  const page = await alice.open(`${town.issuer}/account`);
  expect(page.text).toContain('Planner');
  expect(page.text).toContain('See your todos');
  expect(page.text).not.toContain('Add, change and delete your todos');

  const done = await alice.browser.submit(page, `/account/apps/${planner.id}/withdraw`);
  expect(done.text).toContain('No app has access to your account.');
  expect((await planner.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');

  const asked = await alice.open(planner.request({ scope: 'openid email read:todos' }));
  expect(headingOf(asked)).toBe('Planner wants to');
});

test('whoever is not signed in signs in first, is asked for no consent, and lands on the account page', async () => {
  await using town = await startTown();
  const bob = town.person('bob');
  const page = await bob.open(`${town.issuer}/account`);
  expect(isSignIn(page)).toBe(true);

  const account = await bob.signIn(page);
  expect(account.url.href).toBe(`${town.issuer}/account`);
  expect(account.text).toContain('No app has access to your account.');
});

test('access is taken back by the page only: without its token, or with that of another person, nothing changes', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const [alice, bob] = [town.person('alice'), town.person('bob')];
  const tokens = await alice.connect(planner);
  await bob.connect(planner);
  const bobs = await bob.open(`${town.issuer}/account`);
  const bobsToken = /name="csrf_token" value="([^"]*)"/.exec(bobs.text)?.[1] ?? '';

  for (const csrf_token of ['', bobsToken]) {
    const refused = await alice.browser.go(`${town.issuer}/account/apps/${planner.id}/withdraw`, {
      method: 'POST',
      body: new URLSearchParams({ csrf_token }),
    });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('nothing was changed');
  }
  expect((await planner.refresh(tokens.refresh_token)).status).toBe(200);
});

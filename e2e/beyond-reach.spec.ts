import { expect } from 'playwright/test';
import { test } from './people.ts';

test('Bob asks for admin, is not offered it, and never gets it', async ({ bob }) => {
  await bob.app.open();
  await bob.app.chooseScopes(['read:todos', 'write:todos', 'admin']);
  await bob.signsIn();
  expect(await bob.pages.asked()).toEqual(['openid', 'profile', 'email', 'read:todos']);
  await bob.allows();
  await expect(bob.app.heading).toBeVisible();
  expect(await bob.app.session()).toMatchObject({
    scopes: ['read:todos'],
    scopes_not_granted: ['write:todos', 'admin'],
  });

  await bob.hands.press(bob.app.ask('admin'));
  await expect(bob.pages.allow.or(bob.app.heading)).toBeVisible();
  await expect(bob.pages.choice('admin')).toHaveCount(0);
  if (await bob.pages.allow.isVisible()) await bob.allows();
  await expect(bob.app.heading).toBeVisible();
  expect(await bob.app.session()).toMatchObject({ scopes: ['read:todos'] });
});

test('Bob is refused by the API as well, with the scope that is missing', async ({ bob }) => {
  await bob.arrives();
  const headers = { 'X-CSRF': '1' };
  const added = await bob.page.request.post(`${bob.app.url}/api/todos`, { headers, data: { title: 'Anything' } });
  expect(added.status()).toBe(403);
  expect(await added.json()).toMatchObject({
    error: 'insufficient_scope',
    error_description: 'Missing required scope: write:todos',
  });
  const everyone = await bob.page.request.get(`${bob.app.url}/api/admin/todos`);
  expect(everyone.status()).toBe(403);
});

test('the admin may grant everything, and sees the todos of everyone through the API', async ({ admin }) => {
  await admin.app.open();
  await admin.app.chooseScopes(['read:todos', 'write:todos', 'admin']);
  await admin.signsIn();
  await expect(admin.pages.choice('admin')).toBeChecked();
  await admin.allows();
  await expect(admin.app.heading).toBeVisible();
  const everyone = await admin.page.request.get(`${admin.app.url}/api/admin/todos`);
  expect(everyone.status()).toBe(200);
});

test('no token ever reaches the browser', async ({ alice }) => {
  const seen: string[] = [];
  alice.page.on('response', async (response) => {
    const body = await response.text().catch(() => '');
    seen.push(`${response.url()} ${JSON.stringify(response.headers())} ${body}`);
  });
  await alice.arrives();
  await alice.adds('Water the plants');
  const state = await alice.page.context().storageState();
  const everything = [...seen, JSON.stringify(state), JSON.stringify(await alice.app.session())].join('\n');
  expect(everything).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\./);
  expect(everything).not.toMatch(/"?(access|refresh)_token"?\s*[:=]/);
});

import { expect } from 'playwright/test';
import { test } from './people.ts';

test('Alice unticks writing, cannot add, is asked for just that later, and can add', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.unticks('write:todos');
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
  await expect(alice.app.add).toHaveCount(0);
  expect(await alice.app.session()).toMatchObject({ scopes: ['read:todos'], scopes_not_granted: ['write:todos'] });

  await alice.hands.press(alice.app.ask('write:todos'));
  expect(await alice.pages.asked()).toEqual(['write:todos']);
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
  await alice.adds('Water the plants');
});

test('Alice unticks everything that she may, and the app only knows who she is', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.unticks('read:todos');
  await alice.unticks('write:todos');
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
  expect(await alice.app.session()).toMatchObject({ signed_in: true, scopes: [] });
  await expect(alice.page.getByText('This app may not see your todos')).toBeVisible();
});

test('what Alice said no to is not asked again behind her back', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.unticks('write:todos');
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
  await alice.page.context().clearCookies({ name: 'latchkey_demo' });
  await alice.app.open();
  await alice.hands.press(alice.app.signIn);
  await expect(alice.app.heading).toBeVisible();
  expect(await alice.app.session()).toMatchObject({ scopes: ['read:todos'] });
});

test('Alice is asked for more, says no, and keeps what she had', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.unticks('write:todos');
  await alice.allows();
  await alice.hands.press(alice.app.ask('write:todos'));
  await alice.denies();
  await expect(alice.page.getByText('everything is as it was before')).toBeVisible();
  await alice.hands.press(alice.page.getByRole('link', { name: 'Back to your todos' }));
  await expect(alice.app.heading).toBeVisible();
  expect(await alice.app.session()).toMatchObject({ scopes: ['read:todos'] });
});

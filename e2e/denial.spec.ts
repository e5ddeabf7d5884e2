import { expect } from 'playwright/test';
import { test } from './people.ts';

test('Alice says no, the app takes it kindly, and she can change her mind', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.denies();
  await expect(alice.page.getByRole('heading', { name: 'Nothing was allowed' })).toBeVisible();
  await expect(alice.page.getByText('that is fine')).toBeVisible();
  expect(await alice.app.session()).toEqual({ signed_in: false });

  await alice.hands.press(alice.page.getByRole('link', { name: 'Try again' }));
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
});

test('Alice cancels at the password, and the app takes that kindly too', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.hands.press(alice.pages.cancel);
  await expect(alice.page.getByRole('heading', { name: 'Nothing was allowed' })).toBeVisible();
  await alice.hands.press(alice.page.getByRole('link', { name: 'Back to the start' }));
  await expect(alice.app.welcome).toBeVisible();
});

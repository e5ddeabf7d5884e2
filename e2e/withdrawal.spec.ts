import { expect } from 'playwright/test';
import { test } from './people.ts';

test('Alice takes back the access of the app, and it is out', async ({ alice, town }) => {
  await alice.arrives();
  await alice.page.goto(`${town.authorizationServer}/account`);
  await alice.hands.press(alice.page.getByRole('button', { name: 'Take back the access of' }));
  await expect(alice.page.getByText('No app has access')).toBeVisible();

  town.clock.advance({ minutes: 6 });
  await alice.app.open();
  await expect(alice.page.getByText('Your sign-in has ended')).toBeVisible();
  await alice.hands.press(alice.app.signIn);
  expect(await alice.pages.asked()).toContain('write:todos');
});

import { expect } from 'playwright/test';
import { test } from './people.ts';
import type { Person } from './person.ts';

test('back from the consent is the consent again, and it still counts', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await expect(alice.pages.allow).toBeVisible();
  await goesBack(alice);
  await expect(alice.pages.allow).toBeVisible();
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
});

test('back to the consent after allowing says that it is answered, and leads to the list', async ({ alice }) => {
  await alice.arrives();
  await goesBack(alice);
  await expect(alice.page.getByRole('heading', { name: 'You have answered this already' })).toBeVisible();
  await alice.hands.press(alice.page.getByRole('link', { name: /^Go on to/ }));
  await expect(alice.app.heading).toBeVisible();
});

test('back and forth after saying no, every page knows where to go on', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.denies();
  await expect(alice.page.getByRole('heading', { name: 'Nothing was allowed' })).toBeVisible();
  await goesBack(alice);
  await expect(alice.page.getByRole('heading', { name: 'You have answered this already' })).toBeVisible();
  await alice.page.goForward();
  await expect(alice.page.getByRole('heading', { name: 'This sign-in is over' })).toBeVisible();
  await alice.hands.press(alice.page.getByRole('link', { name: 'Sign in again' }));
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
});

test('back from the list to the app’s first page is the list: Alice is signed in', async ({ alice }) => {
  await alice.arrives();
  // Past the consent and the sign-in, which both are answered.
  for (let page = 0; page < 3; page++) await goesBack(alice);
  await expect(alice.app.heading).toBeVisible();
});

test('back after adding adds nothing', async ({ alice }) => {
  await alice.arrives();
  await alice.adds('Only once');
  await goesBack(alice);
  await alice.app.open();
  await expect(alice.app.todos).toHaveText(['Only once']);
});

test('back after signing out shows nothing of the list', async ({ alice }) => {
  await alice.arrives();
  await alice.adds('For Alice alone');
  await alice.signsOut();
  await goesBack(alice);
  await goesBack(alice);
  await expect(alice.page.getByText('For Alice alone')).toHaveCount(0);
});

test('back to the sign-out page after signing out, and on from there, ends signed out', async ({ alice }) => {
  await alice.arrives();
  await alice.signsOut();
  await goesBack(alice);
  const { signedOut } = alice.pages;
  const goOn = alice.page.getByRole('button', { name: 'Continue' });
  await expect(signedOut.or(goOn)).toBeVisible();
  if (await goOn.isVisible()) await alice.hands.press(goOn);
  await expect(signedOut).toBeVisible();
});

async function goesBack({ page }: Person): Promise<void> {
  await page.goBack();
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'For whoever helps you' })).toHaveCount(0);
}

import { expect } from 'playwright/test';
import { test } from './people.ts';

test('two tabs finish consent at once, and both work', async ({ alice, context }) => {
  const other = alice.at(await context.newPage());
  await alice.goesToSignIn();
  await other.goesToSignIn();
  await alice.signsIn();
  await other.signsIn();
  await expect(alice.pages.allow).toBeVisible();
  await expect(other.pages.allow).toBeVisible();

  await Promise.all([alice.allows(), other.allows()]);
  await expect(alice.app.heading).toBeVisible();
  await expect(other.app.heading).toBeVisible();

  await alice.app.open();
  await alice.adds('From the first tab');
  await other.app.open();
  await other.adds('From the second tab');
  await expect(other.app.todos).toHaveCount(2);
});

test('two tabs sign in at once, and both work', async ({ alice, context }) => {
  const other = alice.at(await context.newPage());
  await alice.goesToSignIn();
  await other.goesToSignIn();
  await alice.pages.enter(alice);
  await other.pages.enter(other);
  await Promise.all([alice.hands.press(alice.pages.submit), other.hands.press(other.pages.submit)]);
  for (const person of [alice, other]) {
    await person.allows();
    await expect(person.app.heading).toBeVisible();
  }
});

test('signing out ends what both tabs had', async ({ alice, context }) => {
  const other = alice.at(await context.newPage());
  await alice.goesToSignIn();
  await other.goesToSignIn();
  await alice.signsIn();
  await other.signsIn();
  await expect(other.pages.allow).toBeVisible();
  await Promise.all([alice.allows(), other.allows()]);
  await expect(alice.app.heading).toBeVisible();
  await expect(other.app.heading).toBeVisible();

  await alice.app.open();
  await alice.signsOut();
  await other.app.open();
  await expect(other.app.welcome).toBeVisible();
  await other.hands.press(other.app.signIn);
  await expect(other.pages.password).toBeVisible();
});

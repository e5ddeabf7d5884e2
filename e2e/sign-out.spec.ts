import { expect } from 'playwright/test';
import { test } from './people.ts';

test('signing out of the app ends the session at both', async ({ alice }) => {
  await alice.arrives();
  await alice.signsOut();
  expect(await alice.app.session()).toEqual({ signed_in: false });
  await alice.app.open();
  await expect(alice.app.welcome).toBeVisible();
  await alice.hands.press(alice.app.signIn);
  await expect(alice.pages.password).toBeVisible();
});

test('signing out in one tab signs out the other', async ({ alice, context }) => {
  await alice.arrives();
  const other = alice.at(await context.newPage());
  await other.app.open();
  await expect(other.app.heading).toBeVisible();
  await alice.signsOut();
  await other.hands.type(other.app.newTitle, 'Too late');
  await other.hands.press(other.app.add);
  await other.hands.press(other.app.signIn.or(other.page.getByRole('link', { name: 'Go to your todos' })));
  await expect(other.app.signIn.or(other.pages.password)).toBeVisible();
});

test('after signing out, the next person starts afresh', async ({ alice, bob }) => {
  await alice.arrives();
  await alice.adds('For Alice alone');
  await alice.signsOut();
  await bob.arrives();
  await expect(bob.app.todos).toHaveCount(0);
  await expect(bob.page.getByText('Alice')).toHaveCount(0);
});

test('whoever stays signed in at the confirmation is still signed in there', async ({ alice }) => {
  await alice.arrives();
  await alice.hands.press(alice.app.signOut);
  await alice.hands.press(alice.page.getByRole('button', { name: 'Stay signed in' }));
  await expect(alice.page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await alice.app.open();
  await alice.hands.press(alice.app.signIn);
  await expect(alice.app.heading).toBeVisible();
});

import { expect } from 'playwright/test';
import { test } from './people.ts';

test('every form on the way in may be sent twice', async ({ alice }) => {
  await alice.app.open();
  await alice.hands.pressTwice(alice.app.signIn);
  await alice.pages.enter(alice);
  await alice.hands.pressTwice(alice.pages.submit);
  await expect(alice.pages.allow).toBeVisible();
  await alice.hands.pressTwice(alice.pages.allow);
  await expect(alice.app.heading).toBeVisible();
});

test('a todo that is added twice is there once', async ({ alice }) => {
  await alice.arrives();
  await alice.hands.type(alice.app.newTitle, 'Only once');
  await alice.hands.pressTwice(alice.app.add);
  await expect(alice.app.todos).toHaveText(['Only once']);
  await alice.app.open();
  await expect(alice.app.todos).toHaveText(['Only once']);
});

test('ticking, renewing and deleting twice do no harm', async ({ alice }) => {
  await alice.arrives();
  await alice.adds('Water the plants');
  await alice.hands.pressTwice(alice.app.done('Water the plants'));
  await expect(alice.app.done('Water the plants')).toHaveAttribute('aria-pressed', 'true');
  await alice.hands.pressTwice(alice.app.renew);
  await expect(alice.app.heading).toBeVisible();
  await alice.hands.pressTwice(alice.app.delete('Water the plants'));
  await expect(alice.app.todos).toHaveCount(0);
  await alice.adds('Still signed in');
});

test('saying no twice is a no', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await alice.hands.pressTwice(alice.pages.deny);
  await expect(alice.page.getByRole('heading', { name: 'Nothing was allowed' })).toBeVisible();
});

test('signing out twice is signing out', async ({ alice }) => {
  await alice.arrives();
  await alice.hands.pressTwice(alice.app.signOut);
  await alice.hands.pressTwice(alice.pages.confirmSignOut);
  await expect(alice.pages.signedOut).toBeVisible();
});

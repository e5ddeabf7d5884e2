import { expect } from 'playwright/test';
import { test } from './people.ts';

test('the access token runs out in the middle of the work, and nobody notices', async ({ alice, town }) => {
  await alice.arrives();
  await alice.adds('Before');
  for (const title of ['After the first token', 'After the second', 'After the third']) {
    town.clock.advance({ minutes: 6 });
    await alice.adds(title);
    await expect(alice.app.problem).toHaveCount(0);
    await expect(alice.page.getByRole('status')).toHaveCount(0);
  }
  await expect(alice.app.todos).toHaveCount(4);
});

test('the token runs out while the page is open, and what Alice typed is saved', async ({ alice, town }) => {
  await alice.arrives();
  await alice.hands.type(alice.app.newTitle, 'Typed before, sent after');
  town.clock.advance({ minutes: 30 });
  await alice.hands.press(alice.app.add);
  await expect(alice.app.todos).toHaveText(['Typed before, sent after']);
});

test('eight requests at once with an expired token are all answered', async ({ alice, town }) => {
  await alice.arrives();
  town.clock.advance({ minutes: 6 });
  const requests = Array.from({ length: 8 }, () => alice.page.request.get(`${alice.app.url}/api/todos`));
  const statuses = (await Promise.all(requests)).map((response) => response.status());
  expect(statuses).toEqual(Array(8).fill(200));
});

test('after weeks away Alice is told that her sign-in has ended, and finds what she typed', async ({ alice, town }) => {
  await alice.arrives();
  await alice.hands.type(alice.app.newTitle, 'Typed weeks ago');
  town.clock.advance({ days: 60 });
  await alice.hands.press(alice.app.add);
  await expect(alice.page.getByText('Your sign-in has ended')).toBeVisible();
  await alice.hands.press(alice.app.signIn);
  await alice.signsIn();
  await expect(alice.pages.allow.or(alice.app.heading)).toBeVisible();
  if (await alice.pages.allow.isVisible()) await alice.allows();
  await expect(alice.app.newTitle).toHaveValue('Typed weeks ago');
});

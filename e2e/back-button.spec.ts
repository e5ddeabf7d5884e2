import { expect } from 'playwright/test';
import { test } from './people.ts';

test('back from the list to the consent, and allowing again, ends at the list', async ({ alice }) => {
  await alice.arrives();
  await alice.page.goBack();
  await expect(alice.pages.allow.or(alice.app.heading).or(alice.pages.signInHeading)).toBeVisible();
});

import { expect } from 'playwright/test';
import { test } from './people.ts';

test('a newcomer sees what will come, signs in and watches, and opens a message to see who verified what', async ({
  alice,
}, { project }) => {
  const { app, page, hands } = alice;
  await app.open();
  await hands.press(page.locator('#to-flow'));
  await expect(page.locator('.flow-wide .flow-ghost')).toHaveCount(9);
  await hands.press(page.locator('#flow-start'));
  await alice.signsIn();
  await alice.allows();
  await expect(page).toHaveURL(`${app.url}/flow`);
  if (project.name === 'no script') await page.reload();
  const exchange = page.locator('.flow-details', { hasText: 'The client swaps the code for tokens' });
  await expect(exchange).toHaveCount(1);
  if (project.name === 'no script') await exchange.locator('summary').first().click();
  else await hands.press(page.locator('.flow-wide a[data-title="The client swaps the code for tokens"]'));
  await expect(exchange.getByText('The hash of the verifier is the challenge of the request.')).toBeVisible();
  await expect(exchange.getByText(/^hash [0-9a-f]{8} · 43 characters$/).first()).toBeVisible();

  if (project.name === 'no script') return;
  const before = await page.locator('.flow-details').count();
  await page.keyboard.press('Escape');
  await hands.press(page.locator('#flow-renew'));
  await expect(page.locator('.flow-details', { hasText: 'swaps the refresh token for new tokens' })).toHaveCount(1);
  expect(await page.locator('.flow-details').count()).toBeGreaterThan(before);
});

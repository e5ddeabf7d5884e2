import { expect } from 'playwright/test';
import { startDevice } from './clients.ts';
import { test } from './people.ts';

test('Alice connects a device by the code that it shows', async ({ alice, town }) => {
  const device = await startDevice(town);
  expect(await device.poll()).toMatchObject({ error: 'authorization_pending' });
  await alice.page.goto(device.page);
  await alice.hands.type(alice.pages.userCode, device.userCode.toLowerCase().replaceAll('-', ''));
  await alice.hands.press(alice.pages.continueWithCode);
  await expect(alice.page.getByText(device.userCode)).toBeVisible();
  await alice.hands.press(alice.pages.confirmDevice);
  await alice.signsIn();
  expect(await alice.pages.asked()).toEqual(['openid', 'read:todos']);
  await alice.allows();
  await expect(alice.page.getByRole('heading', { name: 'You can return to your device' })).toBeVisible();
  town.clock.advance({ seconds: 10 });
  expect(await device.poll()).toMatchObject({ token_type: 'Bearer', scope: 'read:todos' });
});

test('somebody sent Alice a code, and she does not connect', async ({ alice, town }) => {
  const device = await startDevice(town);
  await alice.page.goto(device.page);
  await alice.hands.type(alice.pages.userCode, device.userCode);
  await alice.hands.press(alice.pages.continueWithCode);
  await alice.hands.press(alice.pages.denyDevice);
  await expect(alice.page.getByRole('main')).toBeVisible();
  town.clock.advance({ seconds: 10 });
  expect(await device.poll()).toMatchObject({ error: 'access_denied' });
});

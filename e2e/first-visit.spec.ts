import { todosScopes } from '@latchkey/scope-catalogue';
import { expect } from 'playwright/test';
import { demoAccount } from './accounts.ts';
import { test } from './people.ts';
import { createPerson } from './person.ts';

test('Alice signs in, allows, sees her list and adds a todo', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  expect(await alice.pages.asked()).toEqual(['openid', 'profile', 'email', 'read:todos', 'write:todos']);
  await alice.allows();
  await expect(alice.app.heading).toBeVisible();
  await alice.adds('Water the plants');
  await alice.adds('Call Bob');
  await expect(alice.app.todos).toHaveText([/Call Bob|Water the plants/, /Call Bob|Water the plants/]);
});

test('Alice ticks a todo off and deletes it', async ({ alice }) => {
  await alice.arrives();
  await alice.adds('Water the plants');
  await alice.hands.press(alice.app.done('Water the plants'));
  await expect(alice.app.done('Water the plants')).toHaveAttribute('aria-pressed', 'true');
  await alice.hands.press(alice.app.delete('Water the plants'));
  await expect(alice.app.todos).toHaveCount(0);
});

test('the consent page says in the catalogue’s words what is asked, and marks what is required', async ({ alice }) => {
  await alice.goesToSignIn();
  await alice.signsIn();
  await expect(alice.pages.choice('openid')).toBeDisabled();
  for (const scope of ['read:todos', 'write:todos'] as const) {
    await expect(alice.pages.choice(scope)).toBeEnabled();
    await expect(alice.page.getByText(todosScopes.get(scope)?.description ?? '', { exact: true })).toBeVisible();
  }
});

test('a wrong password and an unknown name are told apart by nobody, and what was typed stays', async ({ alice }) => {
  await alice.goesToSignIn();
  const texts: (string | null)[] = [];
  for (const username of [alice.username, 'nobody-of-this-name']) {
    await alice.pages.enter({ username, password: 'not the password' });
    await alice.hands.press(alice.pages.submit);
    await expect(alice.pages.problem).toBeVisible();
    await expect(alice.pages.username).toHaveValue(username);
    texts.push(await alice.pages.problem.textContent());
  }
  expect(texts[0]).toBe(texts[1]);
  await alice.signsIn();
  await expect(alice.pages.allow).toBeVisible();
});

test('coming back, Alice is neither asked for her password nor for what she has allowed', async ({ alice }) => {
  await alice.arrives();
  await alice.page.context().clearCookies({ name: 'latchkey_demo' });
  await alice.app.open();
  await alice.hands.press(alice.app.signIn);
  await expect(alice.app.heading).toBeVisible();
});

for (const username of ['alice', 'bob', 'admin'] as const)
  test(`the demo person ${username} signs in as the welcome text says`, async ({ town, page, alice }) => {
    expect(town.log()).toContain(`${username} / ${username}-password`);
    const person = createPerson(town, page, alice.hands, demoAccount(username));
    await person.arrives();
    const mayWrite = username !== 'bob';
    await expect(person.app.add).toBeVisible({ visible: mayWrite });
  });

test('somebody who opens 127.0.0.1 is taken to the right place', async ({ alice, town }) => {
  for (const url of [town.demoClient, town.authorizationServer]) {
    await alice.page.goto(url.replace('localhost', '127.0.0.1'));
    await expect(alice.page).toHaveURL(`${url}/`);
  }
});

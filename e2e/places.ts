import { expect } from 'playwright/test';
import { addClient, startDevice } from './clients.ts';
import { docsPage } from './docs-page.ts';
import type { Person } from './person.ts';
import type { Town } from './town.ts';

/** A page in one of its states, and how Alice gets there. */
export interface Place {
  readonly name: string;
  go(alice: Person, town: Town): Promise<void>;
}

const longTitle =
  'Write to the landlord about the window in the staircase that has not closed properly since the storm';
const unbroken = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** Every page that people see, for those who look at all of them: axe and the gallery. */
export const places: readonly Place[] = [
  {
    name: 'app-welcome',
    go: async ({ app }) => {
      await app.open();
    },
  },
  {
    name: 'app-welcome-choosing',
    async go({ app, page }) {
      await app.open();
      await page.getByText('Choose what to ask for').click();
    },
  },
  {
    name: 'app-list-empty',
    go: (alice) => alice.arrives(),
  },
  {
    name: 'app-list-filled',
    async go(alice) {
      await alice.arrives();
      for (const title of ['Water the plants', longTitle, unbroken.repeat(2), 'קנה חלב ולחם']) await alice.adds(title);
      await alice.app.done('Water the plants').click();
      await expect(alice.app.done('Water the plants')).toHaveAttribute('aria-pressed', 'true');
    },
  },
  {
    name: 'app-list-changing',
    async go(alice) {
      await alice.arrives();
      for (const title of ['Water the plants', longTitle]) await alice.adds(title);
      await alice.app.delete('Water the plants').click();
      await expect(alice.app.undo).toBeVisible();
      await alice.app.change(longTitle).click();
      await expect(alice.app.changedTitle).toBeFocused();
      await alice.page.locator('#keys summary').click();
    },
  },
  {
    name: 'app-list-may-not-write',
    async go(alice) {
      await alice.goesToSignIn();
      await alice.signsIn();
      await alice.unticks('write:todos');
      await alice.allows();
      await expect(alice.app.ask('write:todos')).toBeVisible();
    },
  },
  {
    name: 'app-list-error',
    async go(alice) {
      await alice.arrives();
      await alice.app.add.click();
      await expect(alice.app.problem).toBeVisible();
    },
  },
  {
    name: 'flow-first',
    async go({ app, page }) {
      await page.goto(`${app.url}/flow`);
    },
  },
  {
    name: 'flow-opened',
    async go(alice) {
      const { app, page } = alice;
      await page.goto(`${app.url}/flow`);
      await page.locator('#flow-start').click();
      await alice.signsIn();
      await alice.allows();
      const exchange = page.locator('.flow-details', { hasText: 'The client swaps the code for tokens' });
      await exchange.locator('summary').first().click();
      await expect(exchange.getByText('The code is fresh')).toBeVisible();
    },
  },
  {
    name: 'app-not-allowed',
    async go(alice) {
      await alice.goesToSignIn();
      await alice.signsIn();
      await alice.denies();
      await expect(alice.page.getByRole('heading', { name: 'Nothing was allowed' })).toBeVisible();
    },
  },
  {
    name: 'app-sign-in-stale',
    async go({ page, app }) {
      await page.goto(`${app.url}/auth/callback?code=old&state=old`);
    },
  },
  {
    name: 'app-not-found',
    async go({ page, app }) {
      await page.goto(`${app.url}/nowhere`);
    },
  },
  {
    name: 'home',
    async go({ page }, town) {
      await page.goto(town.authorizationServer);
    },
  },
  {
    name: 'not-found',
    async go({ page }, town) {
      await page.goto(`${town.authorizationServer}/nowhere`);
    },
  },
  {
    name: 'sign-in',
    go: (alice) => alice.goesToSignIn(),
  },
  {
    name: 'sign-in-refused',
    async go(alice) {
      await alice.goesToSignIn();
      await alice.pages.enter({ username: alice.username, password: 'not the password' });
      await alice.pages.submit.click();
      await expect(alice.pages.problem).toBeVisible();
    },
  },
  {
    name: 'consent',
    async go(alice) {
      await alice.goesToSignIn();
      await alice.signsIn();
      await expect(alice.pages.allow).toBeVisible();
    },
  },
  {
    name: 'consent-for-more',
    async go(alice) {
      await alice.goesToSignIn();
      await alice.signsIn();
      await alice.unticks('write:todos');
      await alice.allows();
      await alice.app.ask('write:todos').click();
      await expect(alice.pages.allow).toBeVisible();
    },
  },
  {
    name: 'consent-for-a-stranger',
    async go(alice, town) {
      const client = await addClient(town, `${unbroken} Planner`);
      await alice.page.goto(client.authorizationUrl);
      await alice.signsIn();
      await expect(alice.pages.allow).toBeVisible();
    },
  },
  {
    name: 'answered-already',
    async go(alice) {
      await alice.arrives();
      await alice.page.goBack();
      await expect(alice.page.getByRole('heading', { name: 'You have answered this already' })).toBeVisible();
    },
  },
  {
    name: 'authorization-refused',
    async go({ page }, town) {
      await page.goto(`${town.authorizationServer}/authorize?client_id=nobody&response_type=code`);
      await expect(page.getByText('invalid_client')).toBeVisible();
    },
  },
  {
    name: 'sign-out',
    async go(alice) {
      await alice.arrives();
      await alice.app.signOut.click();
      await expect(alice.pages.confirmSignOut).toBeVisible();
    },
  },
  {
    name: 'signed-out-of-the-app',
    async go(alice) {
      await alice.arrives();
      await alice.signsOut();
    },
  },
  {
    name: 'signed-out',
    async go(alice, town) {
      await alice.arrives();
      await alice.page.goto(`${town.authorizationServer}/logout`);
      await alice.pages.confirmSignOut.click();
      await expect(alice.pages.signedOut).toBeVisible();
    },
  },
  {
    name: 'account-without-apps',
    async go(alice, town) {
      await alice.page.goto(`${town.authorizationServer}/account`);
      await alice.signsIn();
      await expect(alice.page.getByText('No app has access')).toBeVisible();
    },
  },
  {
    name: 'account',
    async go(alice, town) {
      await alice.arrives();
      await alice.page.goto(`${town.authorizationServer}/account`);
      await expect(alice.page.getByText('Apps with access')).toBeVisible();
    },
  },
  {
    name: 'device-code',
    async go(alice, town) {
      const device = await startDevice(town);
      await alice.page.goto(device.page);
      await expect(alice.pages.userCode).toBeVisible();
    },
  },
  {
    name: 'device-code-unknown',
    async go(alice, town) {
      const device = await startDevice(town);
      await alice.page.goto(device.page);
      await alice.pages.userCode.fill('XXXX-XXXX');
      await alice.pages.continueWithCode.click();
      await expect(alice.pages.problem).toBeVisible();
    },
  },
  {
    name: 'device-confirm',
    async go(alice, town) {
      const device = await startDevice(town);
      await alice.page.goto(device.page);
      await alice.pages.userCode.fill(device.userCode);
      await alice.pages.continueWithCode.click();
      await expect(alice.pages.confirmDevice).toBeVisible();
    },
  },
  {
    name: 'device-connected',
    async go(alice, town) {
      const device = await startDevice(town);
      await alice.page.goto(device.page);
      await alice.pages.userCode.fill(device.userCode);
      await alice.pages.continueWithCode.click();
      await alice.pages.confirmDevice.click();
      await alice.signsIn();
      await alice.allows();
      await expect(alice.page.getByRole('heading', { name: 'You can return to your device' })).toBeVisible();
    },
  },
  {
    name: 'docs-page',
    async go({ page, hands }, town) {
      await docsPage(page, hands, town.todosApi).open();
    },
  },
  {
    name: 'docs-page-picking',
    async go({ page, hands }, town) {
      const docs = docsPage(page, hands, town.todosApi);
      await docs.open();
      await docs.picks('read:todos');
    },
  },
  {
    name: 'docs-page-denied',
    async go(alice, town) {
      const docs = docsPage(alice.page, alice.hands, town.todosApi);
      await docs.open();
      await docs.picks('read:todos');
      const there = alice.at(await docs.leaves());
      await there.signsIn();
      await there.denies();
      await expect(docs.problem).toBeVisible();
    },
  },
  {
    name: 'docs-page-refused',
    async go(alice, town) {
      const docs = docsPage(alice.page, alice.hands, town.todosApi);
      await docs.open();
      await docs.signsIn(alice, 'read:todos');
      await docs.calls('POST', '/api/todos');
      await alice.page.evaluate(() => scrollTo(0, 0));
    },
  },
  {
    name: 'docs-page-nobody-waits',
    async go({ page }, town) {
      await page.clock.install();
      await page.goto(`${town.todosApi}/docs/oauth2-redirect?code=late&state=late`);
      await page.clock.fastForward(5_000);
      await expect(page.getByRole('heading', { name: 'Nobody is waiting for this sign-in' })).toBeVisible();
    },
  },
];

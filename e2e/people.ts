import { test as base, type Page } from 'playwright/test';
import { addAccount } from './accounts.ts';
import { keyboard, mouse } from './hands.ts';
import { createPerson, type Person } from './person.ts';
import { startTown, type Town } from './town.ts';

export interface StoryOptions {
  /** What the people of this run use. */
  readonly hands: 'mouse' | 'keyboard';
}

export interface StoryFixtures {
  /** May grant `read:todos` and `write:todos`. */
  readonly alice: Person;
  /** May grant `read:todos`. */
  readonly bob: Person;
  /** May grant everything, `admin` among it. */
  readonly admin: Person;
  readonly logOfFailure: undefined;
}

/** Stories are told with these: a town per worker, and people whom it has never seen before. */
export const test = base.extend<StoryOptions & StoryFixtures, { readonly town: Town }>({
  town: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs.
    async ({}, use) => {
      await using town = await startTown();
      await use(town);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  hands: ['mouse', { option: true }],
  alice: person('alice', 'Alice Adams', 'read:todos write:todos'),
  bob: person('bob', 'Bob Brown', 'read:todos'),
  admin: person('admin', 'Ada Admin', 'read:todos write:todos admin'),
  logOfFailure: [
    async ({ town }, use, testInfo) => {
      const before = town.log().length;
      await use(undefined);
      if (testInfo.status !== testInfo.expectedStatus)
        await testInfo.attach('log of the apps', { body: town.log().slice(before), contentType: 'text/plain' });
    },
    { auto: true },
  ],
});

function person(handle: string, name: string, scopes: string) {
  return async (
    { town, page, hands }: { town: Town; page: Page; hands: StoryOptions['hands'] },
    use: (person: Person) => Promise<void>,
  ) => {
    const account = await addAccount(town, handle, name, scopes);
    await use(createPerson(town, page, hands === 'keyboard' ? keyboard : mouse, account));
  };
}

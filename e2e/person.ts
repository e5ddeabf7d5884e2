import { expect, type Page } from 'playwright/test';
import type { Account } from './accounts.ts';
import type { Hands } from './hands.ts';
import { type SignInPages, signInPages } from './sign-in-pages.ts';
import { type TodoApp, todoApp } from './todo-app.ts';
import type { Town } from './town.ts';

/** Somebody at a browser, told in sentences. */
export interface Person extends Account {
  readonly page: Page;
  readonly app: TodoApp;
  readonly pages: SignInPages;
  readonly hands: Hands;
  /** The same person in another tab or browser. */
  at(page: Page): Person;
  /** From the app's first page to the sign-in form. */
  goesToSignIn(): Promise<void>;
  /** Fills in the sign-in form and sends it. */
  signsIn(): Promise<void>;
  unticks(scope: string): Promise<void>;
  allows(): Promise<void>;
  denies(): Promise<void>;
  /** All of it: the app, the form, and yes to everything. */
  arrives(): Promise<void>;
  adds(title: string): Promise<void>;
  signsOut(): Promise<void>;
}

export function createPerson(town: Town, page: Page, hands: Hands, { username, password }: Account): Person {
  const app = todoApp(page, hands, town.demoClient);
  const pages = signInPages(page, hands);
  const person: Person = {
    username,
    password,
    page,
    app,
    pages,
    hands,
    at: (other) => createPerson(town, other, hands, { username, password }),
    async goesToSignIn() {
      await app.open();
      await hands.press(app.signIn);
      await expect(pages.signInHeading).toBeVisible();
    },
    async signsIn() {
      await pages.enter(person);
      await hands.press(pages.submit);
    },
    async unticks(scope) {
      await expect(pages.choice(scope)).toBeChecked();
      await hands.toggle(pages.choice(scope));
      await expect(pages.choice(scope)).not.toBeChecked();
    },
    allows: () => hands.press(pages.allow),
    denies: () => hands.press(pages.deny),
    async arrives() {
      await person.goesToSignIn();
      await person.signsIn();
      await person.allows();
      await expect(app.heading).toBeVisible();
    },
    adds: app.addTodo,
    async signsOut() {
      await hands.press(app.signOut);
      await hands.press(pages.confirmSignOut);
      await expect(pages.signedOut).toBeVisible();
    },
  };
  return person;
}

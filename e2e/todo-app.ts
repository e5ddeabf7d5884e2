import { expect, type Page } from 'playwright/test';
import type { Hands } from './hands.ts';

/** The demo client as a person meets it. */
export function todoApp(page: Page, hands: Hands, url: string) {
  const app = {
    url,
    open: () => page.goto(`${url}/`),
    signIn: page.locator('#sign-in'),
    heading: page.getByRole('heading', { name: 'Your todos', exact: true }),
    welcome: page.getByRole('heading', { name: 'Your todos, behind a sign-in' }),
    newTitle: page.getByRole('textbox', { name: 'What is there to do?' }),
    add: page.locator('#todo-add'),
    renew: page.locator('#renew'),
    /** Those that have arrived. */
    todos: page.locator('#todos .row:not(.row-pending) .row-text'),
    problem: page.getByRole('alert'),
    signOut: page.getByRole('button', { name: 'Sign out' }),
    /** The button that asks for a scope which the app has not got. */
    ask: (scope: string) => page.locator(`button[data-ask="${scope}"]`),
    done: (title: string) => page.getByRole('button', { name: `Done: ${title}`, exact: true }),
    change: (title: string) => page.getByRole('link', { name: `Change: ${title}`, exact: true }),
    changedTitle: page.locator('#edit-title'),
    save: page.locator('#edit-save'),
    undo: page.locator('#undo'),
    mend: page.locator('#mend'),
    show: (which: string) => page.getByRole('link', { name: which, exact: true }),
    delete: (title: string) => page.getByRole('button', { name: `Delete: ${title}`, exact: true }),

    /** Before signing in: which permissions the app shall ask for. */
    async chooseScopes(wanted: readonly string[]): Promise<void> {
      await hands.press(page.getByText('Choose what to ask for'));
      for (const box of await page.locator('#choose input[type=checkbox]').all()) {
        const isWanted = wanted.includes(await box.inputValue());
        if (isWanted !== (await box.isChecked())) await hands.toggle(box);
      }
      await hands.press(page.locator('#sign-in-chosen'));
    },
    async addTodo(title: string): Promise<void> {
      await hands.type(app.newTitle, title);
      await hands.press(app.add);
      await expect(app.todos.filter({ hasText: title })).toHaveCount(1);
    },
    /** What script on the page may know, which is never a token. */
    async session(): Promise<Record<string, unknown>> {
      const response = await page.request.get(`${url}/auth/session`);
      return (await response.json()) as Record<string, unknown>;
    },
  };
  return app;
}

export type TodoApp = ReturnType<typeof todoApp>;

import { expect, type Page } from 'playwright/test';
import type { Hands } from './hands.ts';
import type { Person } from './person.ts';

/** The todos API's documentation, in which one signs in and calls. */
export function docsPage(page: Page, hands: Hands, todosApi: string) {
  const dialog = page.getByRole('dialog', { name: 'Access to this API' });
  const operation = (method: string, path: string) =>
    page
      .locator('.opblock', { has: page.locator(`[data-path="${path}"]`) })
      .filter({ has: page.locator('.opblock-summary-method').getByText(method, { exact: true }) });

  const docs = {
    url: `${todosApi}/docs`,
    dialog,
    operation,
    authorize: page.getByRole('button', { name: 'Authorize' }),
    state: page.locator('.sign-in-state'),
    problem: dialog.getByRole('alert'),
    scope: (scope: string) => dialog.getByRole('checkbox', { name: scope }),
    /** What an operation's padlock says: granted, or not granted yet. */
    async access(method: string, path: string, words: string): Promise<void> {
      const name = `Access to ${method} ${path}: ${words}`;
      await expect(operation(method, path).locator('.authorization__btn')).toHaveAccessibleName(name);
    },

    async open(): Promise<void> {
      await page.goto(docs.url);
      await expect(docs.state).toHaveText('Not signed in');
    },
    async opensDialog(): Promise<void> {
      await hands.press(docs.authorize);
      await expect(dialog.getByRole('heading')).toBeFocused();
    },
    async picks(...scopes: readonly string[]): Promise<void> {
      await docs.opensDialog();
      for (const scope of scopes) {
        await hands.toggle(docs.scope(scope));
        await expect(docs.scope(scope)).toBeChecked();
      }
    },
    /** @returns the window of the sign-in */
    async leaves(): Promise<Page> {
      const opened = page.context().waitForEvent('page');
      await hands.press(dialog.getByRole('button', { name: 'Authorize' }));
      return opened;
    },
    /** From no token to one, with everything allowed that is asked for, and the dialog closed again. */
    async signsIn(person: Person, ...scopes: readonly string[]): Promise<void> {
      await docs.picks(...scopes);
      const there = person.at(await docs.leaves());
      await there.signsIn();
      await there.allows();
      await docs.closesDialog();
    },
    async closesDialog(): Promise<void> {
      await expect(dialog.getByText('You are signed in')).toBeVisible();
      await hands.press(dialog.getByRole('button', { name: 'Close', exact: true }));
      await expect(dialog).toBeHidden();
    },
    async forgets(): Promise<void> {
      await docs.opensDialog();
      await hands.press(dialog.getByRole('button', { name: 'Logout' }));
      await expect(dialog.getByRole('button', { name: 'Close', exact: true })).toBeFocused();
      await hands.press(dialog.getByRole('button', { name: 'Close', exact: true }));
      await expect(docs.state).toHaveText('Not signed in');
    },
    /** Puts an operation right under the line that stays, for a picture of it and its answer. */
    async shows(method: string, path: string): Promise<void> {
      await page.setViewportSize({ width: 1100, height: 1180 });
      await operation(method, path).evaluate((block) => scrollTo(0, block.getBoundingClientRect().top + scrollY - 84));
    },
    /** Executes an operation, with the example where it takes a body. @returns what the page shows of the answer */
    async calls(method: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
      const block = operation(method, path);
      if (!(await block.locator('.opblock-body').isVisible()))
        await hands.press(block.locator('.opblock-summary-control'));
      const tryOut = block.getByRole('button', { name: 'Try it out' });
      await expect(block.locator('.try-out__btn')).toBeVisible();
      if (await tryOut.isVisible()) await hands.press(tryOut);
      const answered = page.waitForResponse(
        (response) => new URL(response.url()).pathname === path && response.request().method() === method,
      );
      const execute = block.getByRole('button', { name: 'Execute' });
      await hands.press(execute);
      const response = await answered;
      const shown = block.locator('.live-responses-table .response').first();
      await expect(shown.locator('.response-col_status')).toHaveText(new RegExp(`^${response.status()}`));
      await expect(block.getByRole('status')).toHaveText(`Answered with ${response.status()}`);
      await expect(execute).toBeFocused();
      return {
        status: response.status(),
        body: await shown.locator('.highlight-code .microlight').first().innerText(),
      };
    },
  };
  return docs;
}

/** What the browser refuses by a page's policy (CSP), in any window of this person. */
export function policyViolations(page: Page): readonly string[] {
  const violations: string[] = [];
  page.context().on('console', (message) => {
    if (/content security policy|trusted ?type/i.test(message.text())) violations.push(message.text());
  });
  page.context().on('weberror', (error) => violations.push(error.error().message));
  return violations;
}

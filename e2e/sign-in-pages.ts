import { expect, type Page } from 'playwright/test';
import type { Account } from './accounts.ts';
import type { Hands } from './hands.ts';

/** The authorization server's pages on the way from an app and back to it. */
export function signInPages(page: Page, hands: Hands) {
  const pages = {
    signInHeading: page.getByRole('heading', { name: /Sign in/ }),
    username: page.locator('input[name="username"]'),
    password: page.locator('input[name="password"]'),
    submit: page.locator('#sign-in-submit'),
    cancel: page.locator('#sign-in-cancel'),
    allow: page.locator('#consent-allow'),
    deny: page.locator('#consent-deny'),
    choice: (scope: string) => page.locator(`input[name="scope"][value="${scope}"]`),
    confirmSignOut: page.locator('#sign-out-confirm'),
    signedOut: page.getByRole('heading', { name: 'You are signed out' }),
    problem: page.getByRole('alert'),
    userCode: page.locator('input[name="user_code"]'),
    continueWithCode: page.locator('#device-confirm'),
    confirmDevice: page.locator('#device-confirm'),
    denyDevice: page.locator('#device-deny'),

    async enter({ username, password }: Account): Promise<void> {
      await expect(pages.signInHeading).toBeVisible();
      await hands.type(pages.username, username);
      await hands.type(pages.password, password);
    },
    /** The scopes on the consent page, as they stand there. */
    async asked(): Promise<string[]> {
      await expect(pages.allow).toBeVisible();
      return page
        .locator('input[name="scope"]')
        .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value));
    },
  };
  return pages;
}

export type SignInPages = ReturnType<typeof signInPages>;

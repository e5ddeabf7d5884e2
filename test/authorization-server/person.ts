import { type Browser, openBrowser, type Page, unescapeHtml } from '../browser.ts';
import type { App, AuthorizationRequest, Body, Params } from './app.ts';

/** Somebody at a browser of their own. */
export interface Person {
  readonly username: string;
  readonly browser: Browser;
  /** Follows the app's request to the first page that asks something, or back to the app. */
  open(request: AuthorizationRequest | URL | string): Promise<Page>;
  signIn(page: Page, credentials?: { username?: string; password?: string }): Promise<Page>;
  /** Presses "Allow" with everything ticked, but `without`. */
  allow(page: Page, choices?: Choices): Promise<Page>;
  deny(page: Page): Promise<Page>;
  /** Presses whatever button this form has. */
  press(page: Page, button: 'abort' | 'confirm' | 'login' | 'switch', fields?: [string, string][]): Promise<Page>;
  /** Where there is no script, a page that moves on by itself has a button: presses it. */
  goOn(page: Page): Promise<Page>;
  /** Signs in and allows, as far as either is asked. */
  authorize(request: AuthorizationRequest, choices?: Choices): Promise<AuthorizationAnswer>;
  /** Signs out by way of the page that asks; ends where that leads. */
  signOut(query?: string): Promise<Page>;
  /** The whole way: from the app's request to its tokens. */
  connect(app: App, params?: Params, choices?: Choices): Promise<Body>;
}

interface Choices {
  readonly without?: readonly string[];
}

/** What the app's redirect URI receives. */
export interface AuthorizationAnswer {
  readonly url: URL;
  readonly code?: string;
  readonly state?: string;
  readonly iss?: string;
  readonly error?: string;
  readonly error_description?: string;
}

export function createPerson(issuer: string, username: string): Person {
  const browser = openBrowser({ stopAt: (url) => url.origin !== issuer });

  const person: Person = {
    username,
    browser,
    open: (request) => browser.go(request instanceof URL || typeof request === 'string' ? request : request.url),
    signIn: (page, credentials = {}) =>
      person.press(page, 'login', [
        ['username', credentials.username ?? username],
        ['password', credentials.password ?? `${credentials.username ?? username}-password`],
      ]),
    allow(page, { without = [] } = {}) {
      const ticked = scopesOn(page).filter(({ name, required }) => !required && !without.includes(name));
      return person.press(
        page,
        'confirm',
        ticked.map(({ name }) => ['scope', name]),
      );
    },
    deny: (page) => person.press(page, 'abort'),
    press(page, button, fields = []) {
      const action = new RegExp(`action="(/interaction/[^"/]+/${button})"`).exec(page.text)?.[1];
      if (action === undefined) throw new Error(`the page has no button for ${button}:\n${page.text}`);
      return browser.go(new URL(action, page.url), { method: 'POST', body: new URLSearchParams(fields) });
    },
    async goOn(page) {
      const action = /<form method="post" action="([^"]*)" data-auto-submit/.exec(page.text)?.[1];
      return action === undefined ? page : person.goOn(await browser.submit(page, action));
    },
    async authorize(request, choices) {
      let page = await person.open(request);
      if (isSignIn(page)) page = await person.signIn(page);
      if (isConsent(page)) page = await person.allow(page, choices);
      return answerOf(page);
    },
    async signOut(query = '') {
      const page = await browser.go(`${issuer}/logout${query}`);
      const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1];
      if (action === undefined) throw new Error(`the page does not sign out:\n${page.text}`);
      return browser.submit(page, action, { logout: 'yes' });
    },
    async connect(app, params, choices) {
      const request = app.request(params);
      const { code, error } = await person.authorize(request, choices);
      if (code === undefined) throw new Error(`the app got ${error} instead of a code`);
      const { status, body } = await app.exchange(code, request);
      if (status !== 200) throw new Error(`the code was answered with ${status} ${JSON.stringify(body)}`);
      return body;
    },
  };
  return person;
}

export function answerOf(page: Page): AuthorizationAnswer {
  const params = Object.fromEntries(page.url.searchParams);
  if (!('code' in params) && !('error' in params)) {
    throw new Error(`nothing went back to the app, but ${page.status} at ${page.url}:\n${page.text}`);
  }
  return { url: page.url, ...params };
}

export function isSignIn(page: Page): boolean {
  return page.text.includes('id="sign-in-submit"') && page.status !== 303;
}

export function isConsent(page: Page): boolean {
  return page.text.includes('id="consent-allow"') && page.status !== 303;
}

export interface ScopeOnPage {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly ticked: boolean;
  readonly isNew: boolean;
}

/** What the consent page asks. */
export function scopesOn(page: Page): ScopeOnPage[] {
  return page.text
    .split('<div class="choice">')
    .slice(1)
    .map((choice) => {
      const input = /<input type="checkbox"[^>]*name="scope"[^>]*>/.exec(choice)?.[0] ?? '';
      return {
        name: unescapeHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
        description: unescapeHtml(/<label[^>]*>([^<]*)</.exec(choice)?.[1] ?? ''),
        required: / disabled/.test(input),
        ticked: / checked/.test(input),
        isNew: />New</.test(choice),
      };
    });
}

export function namesOn(page: Page): string[] {
  return scopesOn(page).map(({ name }) => name);
}

/** The heading of a page, as text. */
export function headingOf(page: Page): string {
  const inner = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(page.text)?.[1] ?? '';
  return unescapeHtml(inner.replaceAll(/<[^>]*>/g, '')).replaceAll(/\s+/g, ' ');
}

import type { Arrival, Browser } from './browser.ts';

/** Somebody who signs in at a Latchkey server. */
export interface Person {
  readonly username: string;
  readonly password: string;
}

export interface Form {
  readonly action: string;
  readonly fields: readonly [string, string][];
}

/** Signs in and allows everything that is ticked, as far as either is asked. Gives the page where that ended. */
export async function answerForms(browser: Browser, page: Arrival, person: Person): Promise<Arrival> {
  let signedIn = false;
  for (let pages = 0; pages < 4 && !page.isCallback; pages++) {
    const form = nextForm(page.text, person, signedIn);
    if (!form) return page;
    signedIn ||= page.text.includes('id="sign-in-submit"');
    page = await browser.go(new URL(form.action, page.url), new URLSearchParams([...form.fields]));
  }
  return page;
}

/** The form that leads on, filled in. A sign-in page that comes back says no, so it is not answered again. */
export function nextForm(html: string, person: Person, signedIn: boolean): Form | undefined {
  if (html.includes('id="consent-allow"')) {
    const form = formWith(html, 'id="consent"');
    const ticked = inputsOf(html).filter(
      ({ name, tag }) => name === 'scope' && / checked/.test(tag) && !/ disabled/.test(tag),
    );
    return form && { action: form.action, fields: [...form.hidden, ...ticked.map(pairOf)] };
  }
  if (!html.includes('id="sign-in-submit"') || signedIn) return undefined;
  const form = formWith(html, 'name="password"');
  const credentials: [string, string][] = [
    ['username', person.username],
    ['password', person.password],
  ];
  return form && { action: form.action, fields: [...form.hidden, ...credentials] };
}

function formWith(html: string, mark: string): { action: string; hidden: [string, string][] } | undefined {
  const form = html.match(/<form[\s\S]*?<\/form>/g)?.find((each) => each.includes(mark));
  const action = form === undefined ? undefined : attribute(/<form[^>]*>/.exec(form)?.[0] ?? '', 'action');
  if (form === undefined || action === undefined) return undefined;
  const hidden = inputsOf(form).filter(({ tag }) => / type="hidden"/.test(tag));
  return { action, hidden: hidden.map(pairOf) };
}

interface Input {
  readonly tag: string;
  readonly name: string;
}

function inputsOf(html: string): Input[] {
  return (html.match(/<input[^>]*>/g) ?? []).map((tag) => ({ tag, name: attribute(tag, 'name') ?? '' }));
}

function pairOf({ tag, name }: Input): [string, string] {
  return [name, attribute(tag, 'value') ?? ''];
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`)
    .exec(tag)?.[1]
    ?.replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

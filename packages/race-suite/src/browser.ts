import type { Reply } from './answer.ts';
import { RaceFailure } from './race-failure.ts';
import type { Traffic } from './traffic.ts';

/** Where a navigation ended: at the redirect URI, which is not asked, or on a page of the server. */
export interface Arrival {
  readonly url: URL;
  readonly isCallback: boolean;
  readonly status: number;
  readonly text: string;
}

/** As much of a browser as it takes to get a code: cookies for one server, redirects, forms. */
export interface Browser {
  go(url: URL, form?: URLSearchParams): Promise<Arrival>;
}

export interface BrowserNeeds {
  readonly traffic: Traffic;
  readonly redirectUri: string;
  /** The server's origin: the only place that gets the cookies, and the only one that is visited. */
  readonly origin: string;
  /** A Cookie header to begin with. */
  readonly cookie?: string | undefined;
}

export function createBrowser({ traffic, redirectUri, origin, cookie = '' }: BrowserNeeds): Browser {
  // NOTE: each cookie goes everywhere on the server, whatever its path: there is one tab, and one flow at a time.
  const jar = parseCookies(cookie);
  const home = withoutQuery(new URL(redirectUri));

  async function step(url: URL, form: URLSearchParams | undefined): Promise<Reply> {
    const headers: Record<string, string> = { accept: 'text/html' };
    if (jar.size > 0) headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const init = form ? { method: 'POST', body: form, headers: { ...headers, origin } } : { headers };
    const reply = await traffic.send(url, init);
    for (const line of reply.headers.getSetCookie()) keep(jar, line);
    return reply;
  }

  return {
    async go(start, firstForm) {
      let [url, form] = [start, firstForm];
      for (let hops = 0; hops < 15; hops++) {
        const { status, headers, text } = await step(url, form);
        const location = headers.get('location');
        if (location === null) return { url, isCallback: false, status, text };

        url = new URL(location, url);
        if (withoutQuery(url) === home) return { url, isCallback: true, status, text };
        if (url.origin !== origin) {
          throw new RaceFailure(
            `The server sent the browser to ${url.origin}, which is neither itself nor the redirect URI.`,
          );
        }
        if (status !== 307 && status !== 308) form = undefined;
      }
      throw new RaceFailure(`The server redirected in circles, at last to ${withoutQuery(url)}.`);
    },
  };
}

function parseCookies(header: string): Map<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim());
  return new Map(
    pairs
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const [[name, value] = ['', '']] = parseCookies(pair);
  const isGone = attributes.some((each) => {
    const [key = '', moment = ''] = each.trim().split('=');
    if (/^max-age$/i.test(key)) return Number(moment) <= 0;
    return /^expires$/i.test(key) && Date.parse(moment) <= Date.now();
  });
  if (value === '' || isGone) jar.delete(name);
  else jar.set(name, value);
}

function withoutQuery(url: URL): string {
  return url.href.replace(/[?#].*$/, '');
}

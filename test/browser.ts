/** A browser as far as these stories need one: cookies with path and SameSite, redirects, and pages that navigate on. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Browser {
  /** A navigation of the person's own, or from a page of `from`. Follows redirects and `<meta http-equiv="refresh">`. */
  go(url: string | URL, init?: Navigation): Promise<Page>;
  /** One request, nothing followed, with this browser's cookies. */
  request(url: string | URL, init?: RequestInit & { readonly crossSite?: boolean }): Promise<Response>;
  /** Sends a form of the page, with its hidden fields. Pairs may name a field several times. */
  submit(page: Page, action: string, fields?: Record<string, string> | [string, string][]): Promise<Page>;
  /** By name; of several with one name, the one that was set last. */
  cookies(): ReadonlyMap<string, Cookie>;
  setCookie(name: string, value: string, path?: string): void;
  /** Everything that any answer held: bodies and headers, but the addresses of redirects. */
  readonly seen: string[];
}

export interface Navigation {
  readonly method?: string;
  readonly body?: URLSearchParams;
  readonly headers?: Record<string, string>;
  readonly crossSite?: boolean;
  /** Ends at the first address that this accepts, without asking for it. */
  readonly stopAt?: (url: URL) => boolean;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
  readonly strict: boolean;
  readonly attributes: string;
}

/** @param stopAt where every navigation ends, unless it says otherwise: what lies outside of the story's town */
export function openBrowser({ stopAt }: Pick<Navigation, 'stopAt'> = {}): Browser {
  // NOTE: as in browsers, all ports of localhost share their cookies, and one name may be there for several paths.
  const jar = new Map<string, Cookie>();
  const place = (name: string, path: string) => `${name};${path}`;
  const seen: string[] = [];

  function cookieHeader(url: URL, crossSite: boolean): string {
    return [...jar]
      .filter(([, { path, strict }]) => isUnder(url.pathname, path) && !(strict && crossSite))
      .map(([key, { value }]) => `${key.slice(0, key.indexOf(';'))}=${value}`)
      .join('; ');
  }

  function store(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const attribute = (wanted: string) =>
        attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const expires = attribute('expires');
      const path = attribute('path') ?? '/';
      if (value === '' || (expires && Date.parse(expires) <= Date.now())) jar.delete(place(name, path));
      else
        jar.set(place(name, path), {
          value,
          path,
          strict: attribute('samesite')?.toLowerCase() === 'strict',
          attributes: attributes.join('; '),
        });
    }
  }

  async function request(
    url: string | URL,
    { crossSite = false, ...init }: RequestInit & { crossSite?: boolean } = {},
  ) {
    const target = new URL(url);
    const headers = new Headers(init.headers);
    const cookie = cookieHeader(target, crossSite);
    if (cookie) headers.set('Cookie', cookie);
    const response = await fetch(target, { ...init, headers, redirect: 'manual' });
    store(response);
    seen.push([...response.headers].filter(([name]) => name !== 'location').join('\n'));
    return response;
  }

  async function go(start: string | URL, navigation: Navigation = {}): Promise<Page> {
    let url = new URL(start);
    let { method = 'GET', body, crossSite = false } = navigation;
    const origin = url.origin;
    for (let hops = 0; hops < 20; hops++) {
      const init: RequestInit & { crossSite?: boolean } = {
        method,
        crossSite,
        headers: { Accept: 'text/html', ...navigation.headers },
      };
      const response = await request(url, body ? { ...init, body } : init);
      const text = await response.text();
      seen.push(text);
      const page = { url, status: response.status, headers: response.headers, text };
      const location = response.headers.get('Location');
      const refresh = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(text)?.[1];
      if (location === null && refresh === undefined) return page;

      url = new URL(unescapeHtml(location ?? refresh ?? ''), url);
      if ((navigation.stopAt ?? stopAt)?.(url)) return { ...page, url };
      // A chain of redirects that has been to another site stays cross-site; a page's own navigation starts anew.
      crossSite = location === null ? false : crossSite || url.origin !== origin;
      if (response.status !== 307 && response.status !== 308) [method, body] = ['GET', undefined];
    }
    throw new Error(`redirected in circles, at last to ${url}`);
  }

  return {
    go,
    request,
    seen,
    cookies: () => new Map([...jar].map(([key, cookie]) => [key.slice(0, key.indexOf(';')), cookie])),
    setCookie: (name, value, path = '/') => jar.set(place(name, path), { value, path, strict: false, attributes: '' }),
    async submit(page, action, fields = {}) {
      const form = formOf(page, action);
      const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
      const hidden = Object.entries(hiddenFields(form)).filter(([name]) => !pairs.some(([given]) => given === name));
      const body = new URLSearchParams([...hidden, ...pairs]);
      const target = new URL(unescapeHtml(action), page.url);
      if (/method="get"/.test(form)) {
        target.search = body.toString();
        return go(target);
      }
      return go(target, {
        method: 'POST',
        body,
        headers: { Origin: page.url.origin, 'Sec-Fetch-Site': 'same-origin' },
      });
    },
  };
}

/** RFC 6265, section 5.1.4. */
function isUnder(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** The markup of the first form with this action. */
export function formOf(page: Page, action: string): string {
  const forms = page.text.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((each) => each.includes(`action="${action}"`));
  if (!form) throw new Error(`the page has no form for ${action}:\n${page.text}`);
  return form;
}

export function hiddenFields(form: string): Record<string, string> {
  const inputs = form.match(/<input type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(
    inputs.map((input) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      unescapeHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
    ]),
  );
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

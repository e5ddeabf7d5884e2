import { challenge, silentQuery, verifier } from './authorization-request.ts';
import { basicCredentials, type Person, type RunningServer, redirectUri } from './running-server.ts';

export interface SignedIn {
  /** The Cookie header of the session. */
  readonly cookie: string;
  readonly refreshToken: string;
}

/** A browser that nobody has used yet goes through sign-in and consent, and the app gets its tokens. */
export async function signIn(server: RunningServer): Promise<SignedIn> {
  const jar = new Map<string, Cookie>();
  const code = await walk(server, jar);
  const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const tokens = await askForTokens(server, grant);
  const kept = [...jar].filter(([, { path }]) => path === '/');
  return { cookie: cookieHeader(kept), refreshToken: String(tokens.refresh_token) };
}

/** One request to the token endpoint, outside of anything that is timed. */
export async function askForTokens(
  server: RunningServer,
  params: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.origin}${server.paths.token}`, {
    method: 'POST',
    headers: { authorization: basicCredentials(server.client) },
    body: new URLSearchParams(params),
  });
  const text = await response.text();
  if (!response.ok || !text.includes('"access_token"')) throw new Error(`no tokens, but ${response.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

async function walk(server: RunningServer, jar: Map<string, Cookie>): Promise<string> {
  const query = new URLSearchParams(silentQuery(server.client.id, challenge));
  query.delete('prompt');
  let url = new URL(`${server.paths.authorization}?${query}`, server.origin);
  let form: URLSearchParams | undefined;
  for (let hops = 0; hops < 12; hops++) {
    const init: RequestInit = form ? { method: 'POST', body: form } : {};
    const headers = { accept: 'text/html', origin: server.origin, cookie: cookieHeader([...jar]) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    const page = await response.text();
    const location = response.headers.get('location');
    if (location !== null) {
      [url, form] = [new URL(location, url), undefined];
      const code = url.searchParams.get('code');
      if (url.href.startsWith(redirectUri) && code !== null) return code;
      if (url.origin !== server.origin) throw new Error(`led to ${url} instead of a code`);
      continue;
    }
    const next = answered(page, server.person);
    if (!next) throw new Error(`a page without a form, ${response.status}:\n${page.slice(0, 500)}`);
    [url, form] = [new URL(next.action, url), next.fields];
  }
  throw new Error('the sign-in led in circles');
}

/** The sign-in or consent page, filled in: everything that is ticked stays ticked. */
function answered(page: string, { username, password }: Person) {
  const formWith = (mark: string) => page.match(/<form[\s\S]*?<\/form>/g)?.find((each) => each.includes(mark));
  const asksWho = page.includes('id="sign-in-submit"');
  const form = formWith(asksWho ? 'name="password"' : 'id="consent"') ?? '';
  const action = /action="([^"]*)"/.exec(form)?.[1];
  if (action === undefined) return undefined;
  const boxes = page.match(/<input type="checkbox"[^>]*>/g) ?? [];
  const ticked = boxes.filter((tag) => / checked/.test(tag) && !/ disabled/.test(tag));
  const pairs = ticked.map((tag) => ['scope', /value="([^"]*)"/.exec(tag)?.[1] ?? '']);
  return { action, fields: new URLSearchParams(asksWho ? { username, password } : pairs) };
}

function keep(jar: Map<string, Cookie>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
  if (value === '') jar.delete(name);
  else jar.set(name, { value, path });
}

function cookieHeader(cookies: readonly [string, Cookie][]): string {
  return cookies.map(([name, { value }]) => `${name}=${value}`).join('; ');
}

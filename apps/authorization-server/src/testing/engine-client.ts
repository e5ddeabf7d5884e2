import type { startEngine } from './running-engine.ts';

type Engine = Pick<Awaited<ReturnType<typeof startEngine>>, 'clients' | 'issuer'>;

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

const callback = 'https://plants.example/callback';

/** An app that an operator registered, and the browser in which it sends Alice to the engine. */
export async function registerApp({ issuer, clients }: Engine) {
  const registration = await clients.add({
    client_name: 'Plants',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: 'openid read:todos',
    pkce: 'optional',
  });
  const id = String(registration.client_id);
  const secret = String(registration.client_secret);
  const cookies = new Map<string, string>();

  /** One step of the browser. Each cookie goes everywhere: there is one tab, and one flow at a time. */
  async function step(url: URL | string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  async function token(parameters: Record<string, string>, presented = secret, at = issuer): Promise<TokenAnswer> {
    return post('/token', parameters, presented, at);
  }

  async function post(path: string, parameters: Record<string, string>, presented = secret, at = issuer) {
    const authorization = `Basic ${Buffer.from(`${id}:${presented}`).toString('base64')}`;
    const form = new URLSearchParams(parameters);
    const response = await fetch(`${at}${path}`, { method: 'POST', headers: { authorization }, body: form });
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const body = isJson ? ((await response.json()) as TokenAnswer['body']) : {};
    if (!isJson) await response.text();
    return { status: response.status, body };
  }

  return {
    id,
    secret,
    cookies,
    step,
    token,
    post,
    /** @param at another server of the same tables */
    refresh: (refreshToken: string, at = issuer) =>
      token({ grant_type: 'refresh_token', refresh_token: refreshToken }, secret, at),
    exchange: (code: string) => token({ grant_type: 'authorization_code', code, redirect_uri: callback }),
    /** Signs Alice out of this browser, by way of the page that asks. */
    async signOut(): Promise<void> {
      const page = await (await step(`${issuer}/logout`)).text();
      const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(page) ?? [];
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page) ?? [];
      await step(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });
    },
    /** Sends Alice through the authorization endpoint. @returns the parameters that came back to the app */
    async authorize(parameters: Record<string, string> = {}): Promise<URLSearchParams> {
      const query = new URLSearchParams({
        client_id: id,
        redirect_uri: callback,
        response_type: 'code',
        scope: 'openid read:todos',
        ...parameters,
      });
      let url = new URL(`${issuer}/authorize?${query}`);
      while (url.origin === issuer) {
        const response = await step(url);
        const location = response.headers.get('location');
        if (location === null) throw new Error(`no way on from ${url}: ${await response.text()}`);
        url = new URL(location, url);
      }
      return url.searchParams;
    },
    async signIn(parameters: Record<string, string> = {}): Promise<Readonly<Record<string, string>>> {
      const code = (await this.authorize(parameters)).get('code');
      return (await this.exchange(String(code))).body;
    },
  };
}

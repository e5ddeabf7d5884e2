import { createHash, randomBytes } from 'node:crypto';
import type { Arrival, Browser } from './browser.ts';
import type { ClientIdentity, GrantedCode } from './oauth-client.ts';
import { RaceFailure } from './race-failure.ts';
import type { ServerMetadata } from './server-metadata.ts';
import { answerForms, type Person } from './sign-in-forms.ts';

/** Where codes come from: authorization requests in the browser of somebody who says yes. */
export interface CodeSource {
  /** An authorization request with state, nonce and PKCE (S256). */
  request(): AuthorizationRequest;
  /** Opens the authorization endpoint with these parameters. */
  open(params: URLSearchParams): Promise<Arrival>;
  /** @throws {RaceFailure} when the answer is not a code */
  code(): Promise<GrantedCode>;
}

export interface AuthorizationRequest {
  readonly params: URLSearchParams;
  readonly code_verifier: string;
}

export interface CodeSourceNeeds {
  readonly metadata: ServerMetadata;
  readonly client: ClientIdentity;
  readonly browser: Browser;
  /** Undefined when the browser is signed in already. */
  readonly person: Person | undefined;
  readonly redirectUri: string;
  readonly scope: string;
  readonly resource: string | undefined;
}

export function createCodeSource(needs: CodeSourceNeeds): CodeSource {
  const { metadata, client, browser, person, redirectUri, scope, resource } = needs;
  const source: CodeSource = {
    request() {
      const code_verifier = random();
      const params = new URLSearchParams({
        client_id: client.id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state: random(),
        nonce: random(),
        code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      if (resource !== undefined) params.set('resource', resource);
      // NOTE: where nobody is there to answer a page, the server should rather say so than show one.
      if (!person) params.set('prompt', 'none');
      return { params, code_verifier };
    },
    async open(params) {
      const url = new URL(metadata.authorization_endpoint);
      for (const [name, value] of params) url.searchParams.set(name, value);
      const page = await browser.go(url);
      return person && !page.isCallback ? answerForms(browser, page, person) : page;
    },
    async code() {
      const { params, code_verifier } = source.request();
      const arrival = await source.open(params);
      const code = arrival.url.searchParams.get('code');
      if (!arrival.isCallback || code === null) throw new RaceFailure(refusal(arrival, person));
      if (arrival.url.searchParams.get('state') !== params.get('state')) {
        throw new RaceFailure('The server gave a code with the state of another request.');
      }
      return { code, code_verifier };
    },
  };
  return source;
}

/** Why there is no code, and what to do about it. */
function refusal({ url, isCallback, status, text }: Arrival, person: Person | undefined): string {
  const error = isCallback ? url.searchParams.get('error') : undefined;
  if (error === 'login_required') return 'No code: login_required. The cookie is of no session that is signed in.';
  if (error === 'consent_required' || error === 'interaction_required') {
    return `No code: ${error}. Open the app once in that browser and allow what --scope asks for; the server has to remember it.`;
  }
  if (error) return `No code: ${error} ${url.searchParams.get('error_description') ?? ''}`.trim();
  if (person && text.includes('id="sign-in-submit"')) return 'No code: the username or the password is wrong.';
  return `No code: the server answered ${status} at ${url.origin}${url.pathname} instead of going to the redirect URI.`;
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

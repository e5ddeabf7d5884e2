import type { IDToken } from 'openid-client';
import * as oidc from 'openid-client';
import type { Issuer } from '../issuer/issuer.ts';
import type { Person, SessionContent } from '../session/sessions.ts';
import { apiScopes, readTokenSet } from '../tokens/token-set.ts';
import type { SignIn } from './sign-ins.ts';

export interface AuthorizationOptions {
  readonly issuer: Issuer;
  readonly publicUrl: string;
  readonly apiResource: string;
  readonly now: () => number;
}

export interface AuthorizationRequest {
  readonly url: URL;
  readonly state: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

export type Prompt = 'consent' | 'login';

/** The two messages of the code flow: the request that leaves with the browser, and the exchange on the server. */
export function createAuthorization({ issuer, publicUrl, apiResource, now }: AuthorizationOptions) {
  // From settings, never from a request: behind a proxy the two differ, and a stranger chooses the latter.
  const redirectUri = `${publicUrl}/auth/callback`;

  return {
    /**
     * RFC 6749, section 4.1.1, with PKCE (RFC 7636) and the API named as `resource` (RFC 8707).
     *
     * @throws {IssuerUnavailableError}
     */
    async request(scopes: readonly string[], prompt: Prompt | undefined): Promise<AuthorizationRequest> {
      const configuration = await issuer.configuration();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        resource: apiResource,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(prompt ? { prompt } : {}),
      });
      return { url, state, codeVerifier, nonce };
    },

    /**
     * Checks the answer (`state`, `iss`, an `error` in it), exchanges the code, and checks the ID token with its nonce.
     *
     * @param search the callback's query
     * @throws what openid-client throws, and {IssuerUnavailableError}
     */
    async exchange(
      search: string,
      state: string,
      { codeVerifier, nonce, scopes }: SignIn,
    ): Promise<{ content: SessionContent; sid: string | undefined }> {
      const response = await oidc.authorizationCodeGrant(
        await issuer.configuration(),
        new URL(redirectUri + search),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true },
        { resource: apiResource },
      );
      const claims = response.claims();
      if (!claims) throw new Error('the token answer has no ID token');
      const requested = apiScopes(scopes.join(' '));
      const tokens = readTokenSet(response, { granted: requested }, now());
      return { content: { person: personIn(claims), tokens, requested }, sid: text(claims.sid) };
    },
  };
}

function personIn({ sub, name, preferred_username, email }: IDToken): Person {
  return { sub, name: text(name), username: text(preferred_username), email: text(email) };
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

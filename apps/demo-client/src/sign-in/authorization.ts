import * as oidc from 'openid-client';
import type { DpopKey, DpopKeys } from '../issuer/dpop-keys.ts';
import type { Issuer } from '../issuer/issuer.ts';
import type { Person, SessionContent } from '../session/sessions.ts';
import { apiScopes, readTokenSet } from '../tokens/token-set.ts';
import type { SignIn } from './sign-ins.ts';

export interface AuthorizationOptions {
  readonly issuer: Issuer;
  readonly publicUrl: string;
  readonly apiResource: string;
  readonly dpopKeys: DpopKeys;
  /** RFC 9126: the request goes to the server directly, and the browser carries a reference to it. */
  readonly pushed: boolean;
  readonly now: () => number;
}

/** What is asked for, beyond what every request says. */
export interface AuthorizationWishes {
  readonly scopes: readonly string[];
  readonly prompt?: Prompt | undefined;
  /** RFC 9470: how long ago the person may have signed in, in seconds, and how. */
  readonly maxAge?: number | undefined;
  readonly acrValues?: string | undefined;
}

export interface AuthorizationRequest {
  readonly url: URL;
  readonly state: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly dpopKey: DpopKey | undefined;
}

export type Prompt = 'consent' | 'login' | 'none';

/** The two messages of the code flow: the request that leaves with the browser, and the exchange on the server. */
export function createAuthorization(options: AuthorizationOptions) {
  const { issuer, publicUrl, apiResource, dpopKeys, pushed, now } = options;
  // From settings, never from a request: behind a proxy the two differ, and a stranger chooses the latter.
  const redirectUri = `${publicUrl}/auth/callback`;

  return {
    /**
     * RFC 6749, section 4.1.1, with PKCE (RFC 7636) and the API named as `resource` (RFC 8707); where tokens are bound,
     * the code is bound to the key already (RFC 9449, section 10).
     *
     * @throws {IssuerUnavailableError} and, where requests are pushed, what openid-client throws
     */
    async request({ scopes, prompt, maxAge, acrValues }: AuthorizationWishes): Promise<AuthorizationRequest> {
      const configuration = await issuer.configuration();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const dpopKey = await dpopKeys.create();
      const proofs = await dpopKeys.proofs(configuration, dpopKey);
      const parameters = {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        resource: apiResource,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(prompt && { prompt }),
        ...(maxAge !== undefined && { max_age: String(maxAge) }),
        ...(acrValues !== undefined && { acr_values: acrValues }),
        ...(proofs && { dpop_jkt: await proofs.calculateThumbprint() }),
      };
      const url = pushed
        ? await oidc.buildAuthorizationUrlWithPAR(configuration, parameters, boundBy(proofs))
        : oidc.buildAuthorizationUrl(configuration, parameters);
      return { url, state, codeVerifier, nonce, dpopKey };
    },

    /**
     * Checks the answer (`state`, `iss`, an `error` in it), exchanges the code, and checks the ID token with its nonce,
     * and with the time of the sign-in where that was asked for.
     *
     * @param search the callback's query
     * @throws what openid-client throws, and {IssuerUnavailableError}
     */
    async exchange(
      search: string,
      state: string,
      { codeVerifier, nonce, scopes, maxAge, dpopKey }: SignIn,
    ): Promise<{ content: SessionContent; sid: string | undefined }> {
      const configuration = await issuer.configuration();
      const response = await oidc.authorizationCodeGrant(
        configuration,
        new URL(redirectUri + search),
        {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
          ...(maxAge !== undefined && { maxAge }),
        },
        { resource: apiResource },
        boundBy(await dpopKeys.proofs(configuration, dpopKey)),
      );
      const claims = response.claims();
      if (!claims) throw new Error('the token answer has no ID token');
      const requested = apiScopes(scopes.join(' '));
      const tokens = readTokenSet(response, { granted: requested, dpopKey }, now());
      return { content: { person: personIn(claims), tokens, requested, dpopKey }, sid: text(claims.sid) };
    },
  };
}

function boundBy(proofs: oidc.DPoPHandle | undefined): oidc.DPoPOptions {
  return proofs ? { DPoP: proofs } : {};
}

function personIn({ sub, name, preferred_username, email }: oidc.IDToken): Person {
  return { sub, name: text(name), username: text(preferred_username), email: text(email) };
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

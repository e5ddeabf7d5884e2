import type { CheckName } from '@latchkey/flow-reports';
import type { EngineFacts } from './engine-facts.ts';

/** One look that the engine takes. */
export interface Look {
  readonly name: CheckName;
  /** What a refusal by it says, as `code: reason`. */
  readonly refusal: RegExp;
  /** Whether the engine looks at all, and once only: what it looks at in several steps has passed with the last one. */
  readonly isMade: (facts: EngineFacts) => boolean;
}

const look = (name: CheckName, refusal: RegExp, isMade: Look['isMade'] = () => true): Look => ({
  name,
  refusal,
  isMade,
});
/** A step on the way to a look. */
const step = (name: CheckName, refusal: RegExp): Look => look(name, refusal, () => false);

const client = look('client', /client not found|required parameter.*client_id/, (facts) => facts.client !== undefined);
const clientAuthentication = look(
  'client_authentication',
  /^invalid_client:|client auth|secret|client_assertion|authorization header|client_id mismatch|authentication mechanism/,
  (facts) => facts.client !== undefined && facts.client.clientAuthMethod !== 'none',
);
const caller = [client, clientAuthentication];

const readProof = step('proof', /^(invalid_dpop_proof|use_dpop_nonce)/);
const missingProof = step('proof', /DPoP proof JWT not provided/);
const proof = look('proof', /DPoP|jkt|sender-constrained|proof was already used/, (facts) => facts.hasProof);

const redirectUri = look('redirect_uri', /redirect_uri/);
const scope = look('scope', /^invalid_scope|openid scope/, ({ params }) => params.scope !== undefined);
const challenge = look('pkce', /code_challenge|PKCE/, ({ params }) => params.code_challenge !== undefined);
const account = look('account', /account not found|accountId mismatch/);

/** Between the request and the code: who is there, and what they have allowed. */
const person = [
  look('session', /^login_required|session|request has expired/, (facts) => facts.isSignedIn),
  look('account', /^interaction_required/, (facts) => facts.account !== undefined),
  look('consent', /^(consent_required|access_denied)/, (facts) => facts.code !== undefined),
];

/** For what is refused in other words. */
const nothing = /(?!)/;

/** Looked at before anything that it goes with. */
const missingRedirectUri = step('redirect_uri', /missing required.*redirect_uri/);
const lostGrant = 'client mismatch|grant (?:not found|is expired)';

/** By endpoint, and at the token endpoint by grant type, in the order in which the engine looks. */
export const checklists: Readonly<Record<string, readonly Look[]>> = {
  // NOTE: no error goes to a redirect URI before the engine has looked at that, whatever it looked at first.
  authorization: [client, redirectUri, scope, challenge, ...person],
  resume: [client, ...person],
  pushed_authorization_request: [...caller, scope, redirectUri, challenge, readProof, proof],
  authorization_code: [
    ...caller,
    missingRedirectUri,
    readProof,
    step('code', new RegExp(`authorization code (?:not found|is expired)|${lostGrant}`)),
    look('pkce', /code_verifier|code_challenge/, ({ params }) => params.code_verifier !== undefined),
    missingProof,
    redirectUri,
    look('code', /: (authorization code )?already (consumed|used)/),
    account,
    proof,
  ],
  refresh_token: [
    ...caller,
    readProof,
    step('refresh_token', new RegExp(`refresh token (?!missing|invalid)|${lostGrant}`)),
    missingProof,
    scope,
    proof,
    account,
    look('refresh_token', /already used/),
  ],
  client_credentials: [...caller, readProof, scope, missingProof, proof],
  revocation: caller,
  introspection: caller,
  userinfo: [
    readProof,
    // NOTE: of an opaque one that is not found nobody can tell whether it has run out, was revoked, or never was.
    step('token_format', /access token not found/),
    look('exp', nothing),
    look('scope', /^insufficient_scope/),
    proof,
    look('aud', /audience/),
    account,
  ],
};

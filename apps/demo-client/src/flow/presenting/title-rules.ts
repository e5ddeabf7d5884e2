import type { Party } from '@latchkey/flow-reports';
import type { StepName } from '../presented-exchange.ts';

/** An empty method is any. */
export type Rule = readonly [method: string, path: RegExp, step: StepName, title: string, grantType?: string];

const client: readonly Rule[] = [
  ['', /^\/auth\/sign-in$/, 'sign-in', 'The browser asks to sign in, and is sent on with a request'],
  ['', /^\/auth\/continue$/, 'sign-in', 'The client asks for more, for what was refused'],
  ['', /^\/auth\/check$/, 'sign-in', 'The client asks quietly who is signed in'],
  ['', /^\/auth\/callback$/, 'authorization-answer', 'The browser brings code and state back'],
  ['', /^\/auth\/refresh$/, 'refresh', 'The browser asks the client to renew its tokens'],
  ['', /^\/auth\/refresh-mode$/, 'session', 'The person chooses when tokens are renewed'],
  ['', /^\/auth\/session$/, 'session', 'The page asks who is signed in'],
  ['', /^\/auth\/backchannel-logout$/, 'sign-out', 'The authorization server says who has signed out'],
  ['', /^\/auth\/signed-out$/, 'sign-out', 'The browser is back, signed out'],
  ['', /^\/auth\/sign-out$/, 'sign-out', 'The browser asks the client to sign out'],
  ['', /^\/api\//, 'api-call', 'The page calls the API by way of the client'],
  ['POST', /^\/todos/, 'api-call', 'The browser sends a form, and the client calls the API for it'],
  ['', /^\//, 'session', 'The browser shows its session, by a cookie'],
];

const authorizationServer: readonly Rule[] = [
  ['', /^\/par$/, 'sign-in', 'The client pushes the request to the server'],
  ['', /^\/authorize$/, 'authorization-request', 'The browser carries the request to the server'],
  ['POST', /^\/interaction\/[^/]+\/login$/, 'sign-in-and-consent', 'The person signs in'],
  ['POST', /^\/interaction\/[^/]+\/confirm$/, 'sign-in-and-consent', 'The person allows what they like to'],
  ['POST', /^\/interaction\/[^/]+\/abort$/, 'sign-in-and-consent', 'The person says no'],
  ['', /^\/interaction\//, 'sign-in-and-consent', 'The server asks the person'],
  ['', /^\/authorize\//, 'sign-in-and-consent', 'The server looks at what is still missing'],
  ['', /^\/token$/, 'token-exchange', 'The client swaps the code for tokens', 'authorization_code'],
  ['', /^\/token$/, 'refresh', 'The client swaps the refresh token for new tokens', 'refresh_token'],
  ['', /^\/token$/, 'other', 'An app asks for a token in its own name', 'client_credentials'],
  [
    '',
    /^\/token$/,
    'other',
    'A device asks whether somebody has said yes',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  ['', /^\/token$/, 'other', 'A client asks for a token'],
  ['', /^\/revoke$/, 'sign-out', 'The client takes its token back'],
  ['', /^\/introspect$/, 'other', 'Somebody asks whether a token is good'],
  ['', /^\/userinfo$/, 'other', 'The client asks who the person is'],
  ['', /^\/logout$/, 'sign-out', 'The browser asks the server to sign out'],
  ['POST', /^\/logout\//, 'sign-out', 'The person says whether to sign out'],
  ['', /^\/logout\//, 'sign-out', 'The person is signed out'],
  ['', /^\/device\/authorization$/, 'other', 'A device asks for a code to show'],
  ['', /^\/device/, 'sign-in-and-consent', 'The person says which device it is about'],
  ['', /^\/register/, 'other', 'An app registers'],
  ['POST', /^\/account\//, 'account', 'The person changes what apps may do'],
  ['', /^\/account/, 'account', 'The person looks at what apps may do'],
  ['', /^\/jwks$/, 'keys', 'The public keys are read'],
  ['', /^\/\.well-known\//, 'keys', 'What the server says of itself is read'],
];

const api: readonly Rule[] = [
  ['', /^\/\.well-known\//, 'keys', 'What the API says of itself is read'],
  ['', /^\/mcp/, 'api-call', 'A tool of the API is called with the access token'],
  ['', /^\//, 'api-call', 'The client calls the API with the access token'],
];

const upstream: readonly Rule[] = [
  ['', /^\//, 'sign-in-and-consent', 'The authorization server asks another one who the person is'],
];

/** What each party is asked, by its own paths. The first that fits tells. */
export const rules: Partial<Readonly<Record<Party, readonly Rule[]>>> = {
  client,
  'authorization-server': authorizationServer,
  api,
  upstream,
};

import type { Check, CheckName, Exchange, Party } from '@latchkey/flow-reports';
import type { PresentedCheck } from '../presented-exchange.ts';
import { referenceTo } from './reference.ts';
import { withoutSecrets } from './secret-words.ts';
import { parsedAddress } from './shown-address.ts';

type Words = readonly [passed: string, failed: string, source: string];

/** What a check has found, when it passed and when it failed. */
const checks: Readonly<Record<CheckName, Words>> = {
  state: [
    'The state is the one that this browser was given.',
    'The state is of no sign-in of this browser.',
    '6749 10.12',
  ],
  nonce: ['The ID token has the nonce of this sign-in.', 'The ID token has another nonce.', 'core 3.1.3.7'],
  iss: ['The answer comes from the server that was asked.', 'The answer comes from another server.', '9207 2.4'],
  redirect_uri: [
    'The redirect URI is registered, letter by letter.',
    'The redirect URI is not registered.',
    '9700 4.1.3',
  ],
  client: ['The app is known.', 'No such app is known.', '6749 2.2'],
  client_authentication: ['The client has shown its secret.', 'The client has not shown its secret.', '6749 3.2.1'],
  code: [
    'The code is fresh, unused, and this client’s.',
    'The code is spent, too old, or not this client’s.',
    '6749 4.1.3',
  ],
  pkce: [
    'The hash of the verifier is the challenge of the request.',
    'The verifier does not fit the challenge.',
    '7636 4.6',
  ],
  id_token: [
    'The ID token is signed by the server and is for this client.',
    'The ID token cannot be trusted.',
    'core 3.1.3.7',
  ],
  logout_token: [
    'The order to sign out is signed by the server, is for this client, and is new.',
    'This is no order to sign out that counts.',
    'backchannel 2.6',
  ],
  refresh_token: ['The refresh token is good, and is spent now.', 'The refresh token is not good any more.', '6749 6'],
  session: ['The cookie leads to a session.', 'The cookie leads to no session.', '6265 8.4'],
  csrf: [
    'The request comes from a page of this app.',
    'The request does not come from a page of this app.',
    '6749 10.12',
  ],
  token_format: ['The token is well-formed.', 'This is no token that can be read.', '9068 2.1'],
  algorithm: [
    'The token is signed in a way that is taken here.',
    'The token is signed in a way that is never taken here.',
    '8725 3.1',
  ],
  signature: [
    'The signature is the server’s: nothing was changed.',
    'The signature does not fit: the token was changed, or somebody else has made it.',
    '7515 5.2',
  ],
  typ: ['It is an access token.', 'It is another kind of token.', '9068 4'],
  aud: ['The token is meant for this API.', 'The token is meant for somebody else.', '9068 4'],
  exp: ['The token has not run out.', 'The token has run out.', '9068 4'],
  scope: ['The token allows what was asked for.', 'The token does not allow what was asked for.', '6750 3.1'],
  proof: ['The sender has the key that the token is bound to.', 'The proof does not hold.', '9449 4.3'],
  account: ['The person may do this.', 'This is not for this person.', '9110 15.5.4'],
  consent: ['The person has allowed it.', 'The person has not allowed it.', '6749 4.1.1'],
  step_up: ['The person has signed in lately enough.', 'The person must sign in again first.', '9470 3'],
};

/** Where a party looks at something else under the same name. */
const checksBy: Partial<Readonly<Record<Party, Partial<Readonly<Record<CheckName, Words>>>>>> = {
  'authorization-server': {
    session: [
      'The person is signed in here, in this browser.',
      'Nobody is signed in here, in this browser.',
      'core 3.1.2.3',
    ],
    scope: ['The app may ask for this.', 'The app may not ask for this.', '6749 3.3'],
    account: ['The person is known here.', 'It is not certain who that is.', 'core 3.1.2.3'],
    exp: ['The token is known, and has not run out.', 'The token has run out, or is not known.', '6750 3.1'],
    aud: ['The token is meant for this server.', 'The token is meant for somebody else.', '8707 2'],
  },
  client: {
    session: ['The cookie leads to a session of this app.', 'The cookie leads to no session of this app.', '6265 8.4'],
  },
  api: {
    iss: ['The token is made by the server that this API trusts.', 'The token is made by somebody else.', '9068 4'],
  },
};

/** On the pages between the request and the code. */
const checksOfPages: Partial<Readonly<Record<CheckName, Words>>> = {
  session: ['This sign-in was begun in this browser.', 'This sign-in was begun in another browser.', '9700 4.7'],
  account: ['The password is this person’s.', 'The username and the password do not belong together.', 'core 3.1.2.3'],
  consent: ['The person has said yes.', 'The person has said no.', 'core 3.1.2.4'],
};

/** RFC 7636 has two ends: the request brings the challenge, and the exchange the verifier. */
const challengeAlone: Words = [
  'The request has a challenge. Who brings the code must know what is behind it.',
  'The request has no challenge that will do.',
  '7636 4.4',
];

export function presentChecks(exchange: Exchange): PresentedCheck[] {
  return exchange.checks.flatMap((check) => {
    const { by, name, outcome, detail } = check;
    const found = wordsOf(check, exchange);
    if (!found) return [];
    const [passed, failed, source] = found;
    const words = withDetail(outcome === 'passed' ? passed : failed, found === checksOfPages[name] ? '' : detail);
    return [{ by, name, outcome, words, rfc: referenceTo(source) }];
  });
}

function wordsOf({ by, name }: Check, { request }: Exchange): Words | undefined {
  const { pathname } = parsedAddress(request.url);
  if (by === 'authorization-server' && name === 'pkce' && pathname !== '/token') return challengeAlone;
  const ofPage = /^\/interaction\//.test(pathname) ? own(checksOfPages, name) : undefined;
  return ofPage ?? own(own(checksBy, by) ?? {}, name) ?? own(checks, name);
}

/** NOTE: names come from other programs, and `constructor` is one that every object answers to. */
function own<Value>(values: Readonly<Partial<Record<string, Value>>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function withDetail(sentence: string, detail = ''): string {
  return detail === '' ? sentence : `${sentence.replace(/\.$/, '')} (${withoutSecrets(detail)}).`;
}

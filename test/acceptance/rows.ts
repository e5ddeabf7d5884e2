/** One thing that must hold, by the number that the names of tests carry. */
export interface Row {
  readonly id: string;
  readonly words: string;
  /** Why no test names it yet. */
  readonly notYet?: string;
}

/** What an API, its authorization server and its client must do. */
const system: readonly [id: string, words: string, notYet?: string][] = [
  ['S1', 'Scopes are declared once, with words; document, consent page and metadata show the same'],
  ['S2', 'Any scope that RFC 6749 allows; space, quote and backslash are refused at the start'],
  ['S3', 'Listing todos needs `read:todos`, adding one `write:todos`, and the admin route `admin`'],
  ['S4', 'Scopes and roles are apart, and a role claim can be asked for, too'],
  [
    'S5',
    'Granted is what was asked for, allowed to the client and to the person, and consented; `scope` says so when it differs',
  ],
  ['S6', 'Access tokens carry `sub`, `exp` and the scopes'],
  ['S7', 'The token answer: seconds, no empty members, `no-store`'],
  ['S8', 'Name and email come with the ID token or from userinfo'],
  ['S9', 'An unknown person and a wrong password look the same, and take as long'],
  ['S10', 'Every token ends; one without `exp` is refused'],
  ['S11', 'Expired: 401, and told so'],
  ['S12', 'A bad signature, or no token at all in it: 401, invalid'],
  ['S13', 'All required scopes must be held; the first that is missing is named'],
  ['S14', 'Too few scopes are told as too few permissions: 403'],
  ['S15', 'A guard that gives nothing on still guards: the handler does not run'],
  ['S16', 'Handlers can have the claims, the token, or a record of their own'],
  ['S17', 'Scheme and token are read from `Authorization`; without them 401 with a challenge'],
  ['S18', 'Optional authentication: without credentials the handler runs for nobody'],
  ['S19', 'The scopes of a guard and of all around it, each once'],
  ['S20', 'The same in one text, in the challenge'],
  ['S21', 'Nested guards add up'],
  ['S22', 'Readable at any depth, for each branch by itself'],
  ['S23', 'The shapes of claims are checked'],
  ['S24', 'Unknown and disabled subjects are refused'],
  ['S25', 'The document has the OAuth scheme with its addresses and scopes'],
  ['S26', "An operation's scopes in the document come from the declaration that is enforced"],
  ['S27', 'Docs page: pick scopes, sign in, call; what was not picked is refused'],
  ['S28', 'An app with part of the scopes meets the same refusals'],
  ['S29', 'Refresh tokens are for the authorization server only; the API refuses them'],
  ['S30', 'Refreshing gives a new access token; when it is over, one signs in again'],
  ['S31', 'Refresh tokens rotate'],
  ['S32', 'No token where script can reach it'],
  ['S33', 'Refresh tokens are looked up, and can be revoked'],
  ['S34', 'Access tokens can be revoked, at a cost that is stated; verification without state stays the default'],
  ['S35', 'Reactive refresh: once after "Token expired", then the request again'],
  ['S36', 'Proactive refresh, a minute before the end'],
  ['S37', 'Both together is the default; all three can be chosen'],
  ['S38', 'The code flow from client to sign-in, consent, code and session'],
  ['S39', 'Sign-in with another identity provider', 'federation is not built yet'],
  ['S40', 'Client credentials, machine to machine'],
  ['S41', 'Nothing over plain http in production'],
  ['S42', 'No weak or short secret'],
  ['S43', 'Sign-in with our own form, people and tokens'],
  ['S44', 'The live picture of the flow'],
  ['S45', 'What an expired token is answered, shown by a command'],
];

/** What the tests of FastAPI's security assert, translated. */
const translated: readonly [id: string, words: string][] = [
  ['F1', 'No header: 401, "Not authenticated", a challenge'],
  ['F2', 'Another scheme: the same'],
  ['F3', 'Blanks around the token do not matter'],
  ['F4', 'Nor does the case of the scheme'],
  ['F5', 'Garbage at a route with scopes: 401, and the challenge names them'],
  ['F6', 'A token without a subject, or of an unknown one: the same 401'],
  ['F7', 'A token without the scope: refused, and the scope named'],
  ['F8', 'A disabled person: refused, here as an invalid token'],
  ['F9', 'With the scopes the route answers; the status needs none'],
  ['F10', 'Where no scope is needed the challenge has none'],
  ['F11', 'Optional: without credentials, or with another scheme, one passes as nobody; a bad token is refused'],
  ['F12', 'Siblings do not see the scopes of one another'],
  ['F13', 'A guard reached on two ways: the token is verified once, each way checked by itself'],
  ['F14', 'The same guard twice counts once'],
  ['F15', 'Guards that give nothing on, with scopes and without'],
  ['F16', 'In tests the guard stays, and the issuer is another'],
  ['F17', 'App, router and route: one entry with all their scopes'],
  ['F18', 'No entry and no scope twice'],
  ['F19', 'Guarded without a scope: an entry with an empty list'],
  ['F20', 'The scheme in the document is the declared one, with relative addresses, too'],
  ['F21', 'A description of the scheme only where there is one'],
  ['F22', 'Webhooks say what they need'],
  ['F23', 'The docs page knows its client and its name'],
  ['F24', 'Another `grant_type`: 400 `unsupported_grant_type`'],
];

export const rows: readonly Row[] = [...system, ...translated].map(([id, words, notYet]) => ({
  id,
  words,
  ...(notYet !== undefined && { notYet }),
}));

export const systemRows = system.length;

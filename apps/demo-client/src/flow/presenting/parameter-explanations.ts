import type { Explanation } from './explanation.ts';

/** Of the authorization request, pushed or not. */
const request: Readonly<Record<string, Explanation>> = {
  response_type: ['The client wants a code, which is worth nothing without what only the client has.', '6749 4.1.1'],
  response_mode: ['In which part of the address the answer comes back.', 'modes 2.1'],
  client_id: ['Which app is asking. It is public, and proves nothing by itself.', '6749 2.2'],
  redirect_uri: [
    'Where the answer goes. It must be registered letter by letter, or codes could be sent to a thief.',
    '6749 3.1.2',
  ],
  scope: ['What the app would like to do. The person may allow less.', '6749 3.3'],
  state: ['Ties the answer to this browser: whoever slips a foreign answer in does not know it.', '6749 10.12'],
  nonce: ['Ties the ID token to this sign-in, so that an old one cannot be played again.', 'core 3.1.2.1'],
  code_challenge: ['The hash of a secret that only the client has. The secret itself comes later.', '7636 4.3'],
  code_challenge_method: ['How the hash was made: S256 is SHA-256.', '7636 4.3'],
  resource: ['Which API the token is for. No other API will take it.', '8707 2'],
  prompt: ['Whether the person shall be asked, or shall not.', 'core 3.1.2.1'],
  max_age: ['How long ago the person may have signed in, in seconds.', 'core 3.1.2.1'],
  acr_values: ['How strongly the person must have signed in.', 'core 3.1.2.1'],
  claims: ['What the app would like to know of the person, one by one.', 'core 5.5'],
  ui_locales: ['In which language the person would like to be asked.', 'core 3.1.2.1'],
  login_hint: ['Who is expected to sign in.', 'core 3.1.2.1'],
  id_token_hint: ['Who was signed in before: an ID token of theirs says it.', 'core 3.1.2.1'],
  request: ['The whole request, signed by the client.', '9101 5'],
  request_uri: ['A reference to a request that the client has sent to the server directly.', '9126 2.2'],
  dpop_jkt: ['The key that the code, and then the tokens, will be bound to.', '9449 10'],
};

/** Of its answer, and of what the client then swaps for tokens. */
const exchange: Readonly<Record<string, Explanation>> = {
  code: ['Worth tokens, for a minute, once, and only for the client that asked.', '6749 4.1.2'],
  iss: ['Who answers. An answer of another server is refused, whatever else it says.', '9207 2'],
  error: ['Why not, as a code for programs.', '6749 5.2'],
  error_description: ['Why not, in words for whoever helps.', '6749 5.2'],
  'location error': ['Why there is no code, for programs.', '6749 4.1.2.1'],
  'location error_description': ['Why there is no code, in words for whoever helps.', '6749 4.1.2.1'],
  'query error': ['Why there is no code, for programs.', '6749 4.1.2.1'],
  'query error_description': ['Why there is no code, in words for whoever helps.', '6749 4.1.2.1'],
  'api error': ['Why the API refuses, for programs.', '6750 3.1'],
  'api error_description': ['Why the API refuses, in words for whoever helps.', '6750 3'],
  grant_type: ['What the client hands in for tokens.', '6749 1.3'],
  code_verifier: ['The secret behind the hash: who only stole the code does not have it.', '7636 4.5'],
  client_secret: ['Shows that it is the client, and not somebody who knows its name.', '6749 2.3.1'],
  client_assertion: ['Shows that it is the client: signed with its key, so that no secret is sent.', '7523 2.2'],
  client_assertion_type: ['In which way the client shows who it is.', '7521 4.2'],
  refresh_token: ['Gets new access tokens. It is spent by using it, and a new one takes its place.', '6749 6'],
  access_token: ['The ticket for the API. It runs out soon.', '6749 1.4'],
  id_token: ['Who has signed in, signed by the server, for the client alone.', 'core 2'],
  token_type: ['How the token is shown: by whoever bears it, or with a proof.', '6749 7.1'],
  expires_in: ['Seconds that it lives, counted from when the answer came.', '6749 5.1'],
  device_code: ['What a device without a browser asks with, until somebody has said yes elsewhere.', '8628 3.2'],
  user_code: ['What the person types, to say which device it is about.', '8628 3.2'],
  verification_uri: ['Where the person types the code.', '8628 3.2'],
  verification_uri_complete: ['The same with the code in it, for scanning.', '8628 3.2'],
  interval: ['Seconds that the device waits before it asks again.', '8628 3.2'],
};

/** Of pages, of signing out, and of taking tokens back. */
const sessions: Readonly<Record<string, Explanation>> = {
  username: ['Who signs in. It is typed at the server, so the app never sees it.', 'core 3.1.2.3'],
  password: ['What only this person knows. The app never sees it, and nor does this picture.', 'core 3.1.2.3'],
  xsrf: ['Only a page of this server knows it: no other site can press the button.', '6749 10.12'],
  csrf_token: ['Only a page of this app knows it: no other site can send this form.', '6749 10.12'],
  form_id: ['Drawn for this form alone: what is sent twice is done once.', '9110 9.2.2'],
  actor: ['Whose page this is: what somebody else began here is not done in your name.', '6749 10.12'],
  return_to: [
    'Where the person was going. Own paths only, or the app could be used to send people away.',
    '9700 4.11.1',
  ],
  token: ['What shall no longer be good, or is asked about.', '7009 2.1'],
  token_type_hint: ['What kind of token it is, so that the server finds it sooner.', '7009 2.1'],
  scopes: ['What the person has allowed.', '6749 3.3'],
  scopes_not_granted: ['What the app has asked for and the person has not allowed.', '6749 3.3'],
  access_token_expires_in: ['Seconds that the token still lives. The page sees this, and never the token.', '6749 5.1'],
  sub: ['Who it is: a name that never changes.', 'core 5.1'],
  name: ['What the person is called.', 'core 5.1'],
  email: ['The person’s address.', 'core 5.1'],
  active: ['Whether the token is good at this moment.', '7662 2.2'],
  logout: ['The person has said yes: nobody is signed out by a mere link.', 'logout 2'],
  logout_token: ['Says who has signed out, signed by the server.', 'backchannel 2.4'],
  post_logout_redirect_uri: ['Where the person goes after signing out. It must be registered.', 'logout 2'],
};

/** What servers publish of themselves, and what apps tell of theirs. */
const published: Readonly<Record<string, Explanation>> = {
  '*_supported': ['What the server can do, so that no client has to guess.', '8414 2'],
  '*_endpoint': ['Where to ask for this.', '8414 2'],
  issuer: ['The server’s name. Each of its tokens carries it.', '8414 2'],
  authorization_endpoint: ['Where browsers are sent.', '8414 2'],
  token_endpoint: ['Where clients swap codes and refresh tokens.', '8414 2'],
  jwks_uri: ['Where the keys are by which signatures are checked.', '8414 2'],
  keys: ['The public keys. With them everybody can check a signature, and nobody can make one.', '7517 5'],
  authorization_servers: ['Whose tokens the API takes.', '9728 2'],
  scopes_supported: ['What can be asked for.', '8414 2'],
  bearer_methods_supported: ['How a token is to be sent.', '9728 2'],
  resource_name: ['What the API calls itself.', '9728 2'],
  redirect_uris: ['Where answers may go. Nothing else will do.', '7591 2'],
  client_name: ['What people are shown when they are asked.', '7591 2'],
  grant_types: ['What the app may hand in for tokens.', '7591 2'],
  token_endpoint_auth_method: ['How the app shows who it is.', '7591 2'],
  registration_access_token: ['With it the app can change what it has registered.', '7592 3'],
  registration_client_uri: ['Where the app can change what it has registered.', '7592 3'],
  type: ['What kind of problem it is.', '9457 3.1.1'],
  status: ['The status of the answer, once more.', '9457 3.1.2'],
  errors: ['What is wrong, one by one.', '9457 3.2'],
  detail: ['What is wrong with this request, in words.', '9457 3.1.4'],
  jsonrpc: ['In which protocol the tool is called.', 'jsonrpc'],
  params: ['What the tool is called with.', 'jsonrpc'],
  result: ['What the tool has answered.', 'jsonrpc'],
};

/** By name; before that by party and name, or by place and name, where it means something else there. */
export const parameters: Readonly<Record<string, Explanation>> = { ...request, ...exchange, ...sessions, ...published };

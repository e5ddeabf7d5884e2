import { STATUS_CODES } from 'node:http';
import type { CheckName, Exchange } from '@latchkey/flow-reports';
import { outcomeOf, refusalIn } from './exchange-outcome.ts';
import { withoutSecrets } from './secret-words.ts';
import { parsedAddress } from './shown-address.ts';

const names: Readonly<Record<Exchange['to'], string>> = {
  browser: 'The browser',
  client: 'The client',
  'authorization-server': 'The authorization server',
  api: 'The API',
  upstream: 'The upstream provider',
  thief: 'The thief',
};

type Refused = readonly [what: string, why: string];

/** By the check that failed: what is refused, and why. */
const byCheck: Partial<Readonly<Record<CheckName, Refused>>> = {
  state: ['the answer', 'its state is of no sign-in of this browser'],
  iss: ['the answer', 'it comes from another server'],
  redirect_uri: ['the request', 'its redirect URI is not registered'],
  client: ['the request', 'it knows no such app'],
  client_authentication: ['the client', 'it has not shown who it is'],
  code: ['the code', 'it is spent, too old, or of another client'],
  pkce: ['the code', 'whoever brings it does not know the verifier'],
  nonce: ['the ID token', 'it belongs to another sign-in'],
  id_token: ['the ID token', 'it cannot be trusted'],
  logout_token: ['the order to sign out', 'it does not count'],
  refresh_token: ['the refresh token', 'it is not good any more'],
  csrf: ['the request', 'it does not come from a page of this app'],
  token_format: ['the token', 'it is no token that can be read'],
  algorithm: ['the token', 'it is signed in a way that is never taken'],
  signature: ['the token', 'its signature does not fit'],
  typ: ['the token', 'it is another kind of token'],
  aud: ['the token', 'it is meant for somebody else'],
  exp: ['the token', 'it has run out'],
  proof: ['the token', 'the proof beside it does not hold'],
  step_up: ['the call', 'the person must sign in again first'],
};

/** Where an error says enough by itself. */
const byError: Readonly<Record<string, Refused>> = {
  access_denied: ['the request', 'the person has said no'],
  login_required: ['to answer quietly', 'nobody is signed in'],
  consent_required: ['to answer quietly', 'the person must be asked'],
  interaction_required: ['to answer quietly', 'the person must be asked'],
  use_dpop_nonce: ['the proof', 'it must hold a nonce'],
};

/** What an exchange is called that was refused, or that nobody answered; undefined for all others. */
export function refusalTitle(exchange: Exchange): string | undefined {
  const { to, answer, failure } = exchange;
  if (failure !== undefined) return `${names[to]} does not answer`;
  if (answer && answer.status >= 500) return `${names[to]} cannot answer (${answer.status})`;
  if (!answer || outcomeOf(exchange) !== 'refused') return undefined;
  const [what, why] = reasonOf(exchange);
  return `${names[to]} refuses ${what}: ${why}`;
}

function reasonOf(exchange: Exchange): Refused {
  const { to, request, answer, checks } = exchange;
  const { code, said } = refusalIn(exchange);
  const name = checks.find(({ by, outcome }) => by === to && outcome === 'failed')?.name;
  const isRequest = to === 'authorization-server' && parsedAddress(request.url).pathname !== '/token';
  if (name === 'pkce' && isRequest) return ['the request', 'it has no challenge that will do'];
  const status = answer?.status ?? 0;
  const words = said === undefined ? code || `${status} ${STATUS_CODES[status] ?? ''}`.trim() : `“${said}”`;
  const known = (name && byCheck[name]) ?? (to !== 'api' && Object.hasOwn(byError, code) ? byError[code] : undefined);
  return known ?? [to === 'api' ? 'the call' : 'the request', withoutSecrets(words)];
}

import type { Exchange } from '@latchkey/flow-reports';
import type { StepName } from '../presented-exchange.ts';
import { headerOf } from './message-parts.ts';
import { foreignWords } from './secret-values.ts';

export interface Titled {
  readonly step: StepName;
  readonly title: string;
}

interface Rule extends Titled {
  readonly to: Exchange['to'];
  readonly path: RegExp;
  readonly fits?: (exchange: Exchange) => boolean;
}

const grant = (wanted: string) => (exchange: Exchange) =>
  new URLSearchParams(exchange.request.body).get('grant_type') === wanted;

/** The first that fits tells what an exchange is. */
const rules: readonly Rule[] = [
  {
    to: 'client',
    path: /^\/auth\/sign-in$/,
    step: 'sign-in',
    title: 'The browser asks to sign in, and is sent on with a request',
  },
  {
    to: 'client',
    path: /^\/auth\/continue$/,
    step: 'sign-in',
    title: 'The client asks for more, for what was refused',
  },
  { to: 'client', path: /^\/auth\/check$/, step: 'sign-in', title: 'The client asks quietly who is signed in' },
  {
    to: 'client',
    path: /^\/auth\/callback$/,
    step: 'authorization-answer',
    title: 'The browser brings code and state back',
  },
  {
    to: 'client',
    path: /^\/auth\/refresh$/,
    step: 'refresh',
    title: 'The browser asks the client to renew its tokens',
  },
  { to: 'client', path: /^\/auth\/session$/, step: 'session', title: 'The page asks who is signed in' },
  {
    to: 'client',
    path: /^\/auth\/backchannel-logout$/,
    step: 'sign-out',
    title: 'The authorization server says who has signed out',
  },
  { to: 'client', path: /^\/auth\/sign(-|ed-)out$/, step: 'sign-out', title: 'The browser signs out' },
  { to: 'client', path: /^\/api\//, step: 'api-call', title: 'The page calls the API by way of the client' },
  { to: 'client', path: /^\//, step: 'session', title: 'The browser shows its session, by a cookie' },
  {
    to: 'authorization-server',
    path: /^\/par$/,
    step: 'sign-in',
    title: 'The client pushes the request to the server',
  },
  {
    to: 'authorization-server',
    path: /^\/authorize$/,
    step: 'authorization-request',
    title: 'The browser carries the request to the server',
  },
  {
    to: 'authorization-server',
    path: /^\/(interaction|authorize)\//,
    step: 'sign-in-and-consent',
    title: 'The person signs in, and is asked',
  },
  {
    to: 'authorization-server',
    path: /^\/token$/,
    fits: grant('authorization_code'),
    step: 'token-exchange',
    title: 'The client swaps the code for tokens',
  },
  {
    to: 'authorization-server',
    path: /^\/token$/,
    fits: grant('refresh_token'),
    step: 'refresh',
    title: 'The client swaps the refresh token for new tokens',
  },
  { to: 'authorization-server', path: /^\/token$/, step: 'other', title: 'A client asks for a token' },
  {
    to: 'authorization-server',
    path: /^\/revoke$/,
    step: 'sign-out',
    title: 'The client takes its refresh token back',
  },
  { to: 'authorization-server', path: /^\/logout/, step: 'sign-out', title: 'The person signs out at the server' },
  { to: 'authorization-server', path: /^\/account/, step: 'account', title: 'The person looks at what apps may do' },
  {
    to: 'authorization-server',
    path: /^\/(jwks|\.well-known\/)/,
    step: 'keys',
    title: 'What the server publishes is read',
  },
  { to: 'api', path: /^\//, step: 'api-call', title: 'The client calls the API with the access token' },
];

export function titleOf(exchange: Exchange): Titled {
  const { pathname } = new URL(exchange.request.url);
  const rule = rules.find(
    ({ to, path, fits }) => to === exchange.to && path.test(pathname) && (fits?.(exchange) ?? true),
  );
  const { step, title } = rule ?? { step: 'other', title: 'Something else' };
  const refusal = refusalIn(exchange);
  return { step, title: refusal === undefined ? title : `${title}: ${refusal}` };
}

/** Why not, in the words of whoever refuses. */
function refusalIn({ answer, failure }: Exchange): string | undefined {
  if (failure !== undefined) return 'nobody answers';
  if (!answer || answer.status < 400) return undefined;
  const challenge = headerOf(answer.headers, 'www-authenticate') ?? '';
  const said = /error_description="([^"]*)"/.exec(challenge)?.[1] ?? errorIn(answer.body);
  return said === undefined ? `refused (${answer.status})` : `refused, “${foreignWords(said)}”`;
}

function errorIn(body: string | undefined): string | undefined {
  return /"error_description":"([^"]*)"/.exec(body ?? '')?.[1] ?? /"error":"([^"]*)"/.exec(body ?? '')?.[1];
}

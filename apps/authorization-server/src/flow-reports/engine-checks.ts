import type { CheckName, FoundCheck } from '@latchkey/flow-reports';
import type { Context } from 'koa';

/** What is read of the engine's context, where the engine has one: after an answer was made. */
export type EngineContext = Context & {
  readonly oidc?: {
    readonly route?: string;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly client?: { readonly clientAuthMethod?: string };
    readonly entities?: Readonly<Record<string, { readonly codeChallenge?: string } | undefined>>;
  };
};

/** What the engine's errors carry beside a message. */
type EngineRefusal = Error & { error?: string; error_description?: string; error_detail?: string };

/** In the order in which the engine looks: what comes after the one that failed was not looked at. */
const orders: Readonly<Record<string, readonly CheckName[]>> = {
  authorization: ['client', 'redirect_uri', 'pkce', 'scope'],
  pushed_authorization_request: ['client', 'client_authentication', 'redirect_uri', 'pkce', 'scope'],
  authorization_code: ['client', 'client_authentication', 'proof', 'code', 'redirect_uri', 'pkce'],
  refresh_token: ['client', 'client_authentication', 'proof', 'refresh_token', 'scope'],
  client_credentials: ['client', 'client_authentication', 'proof', 'scope'],
  revocation: ['client', 'client_authentication'],
  introspection: ['client', 'client_authentication'],
};

/** Which check a refusal is about, by its code and by what the engine says of it inside. */
const causes: readonly (readonly [CheckName, RegExp])[] = [
  ['pkce', /pkce|code_verifier|code_challenge/i],
  ['redirect_uri', /redirect_uri/i],
  ['proof', /dpop|proof/i],
  ['client_authentication', /client auth|invalid_client_auth|client_secret|unauthorized_client/i],
  ['client', /invalid_client|client is invalid|client_id/i],
  ['scope', /scope/i],
  ['refresh_token', /refresh token/i],
  ['code', /authorization code|invalid_grant/i],
];

export function checksOf({ oidc, status }: EngineContext, error: Error | undefined): readonly FoundCheck[] {
  if (!oidc?.route) return [];
  const grant = String(oidc.params?.grant_type ?? '');
  const order = (orders[oidc.route === 'token' ? grant : oidc.route] ?? []).filter((name) => applies(name, oidc));
  if (!error && status < 400) return order.map((name) => ({ name, outcome: 'passed' }));
  const failed = error && failedCheck(error, order);
  if (!failed) return [];
  const detail = detailOf(error);
  return [
    ...order.slice(0, order.indexOf(failed)).map((name): FoundCheck => ({ name, outcome: 'passed' })),
    { name: failed, outcome: 'failed', ...(detail && { detail }) },
  ];
}

function applies(name: CheckName, { params, client, entities }: NonNullable<EngineContext['oidc']>): boolean {
  if (name === 'proof') return params?.dpop_jkt !== undefined;
  if (name === 'client_authentication') return client?.clientAuthMethod !== 'none';
  if (name !== 'pkce') return true;
  const code = entities?.AuthorizationCode;
  return code ? code.codeChallenge !== undefined : true;
}

function failedCheck(error: Error, order: readonly CheckName[]): CheckName | undefined {
  const { error: code = '', error_description = '', error_detail = '' } = error as EngineRefusal;
  const words = `${error_detail} ${error_description} ${code}`;
  return causes.find(([name, pattern]) => order.includes(name) && pattern.test(words))?.[0];
}

/** The engine's own words for whoever runs it; they name no secret. */
function detailOf(error: Error): string | undefined {
  const { error_detail, error_description } = error as EngineRefusal;
  return error_detail ?? error_description;
}

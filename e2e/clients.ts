import { latchkey } from './operator.ts';
import type { Town } from './town.ts';

const scope = 'openid profile read:todos write:todos';

/** An app of somebody else's, and the address that a person would follow to sign in to it. */
export async function addClient(town: Town, name: string): Promise<{ readonly authorizationUrl: string }> {
  const redirectUri = 'https://planner.example/callback';
  const added = await latchkey(town, 'client', 'add', '--name', name, '--redirect-uri', redirectUri, '--scope', scope);
  const query = new URLSearchParams({
    client_id: String(added.client_id),
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    // The challenge of RFC 7636, appendix B.
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  return { authorizationUrl: `${town.authorizationServer}/authorize?${query}` };
}

export interface Device {
  readonly userCode: string;
  /** Where the person types the code. */
  readonly page: string;
  /** Asks for the tokens once; RFC 8628, section 3.5. */
  poll(): Promise<Record<string, unknown>>;
}

/** A television, say, that shows a code. */
export async function startDevice(town: Town): Promise<Device> {
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  const command = ['--name', 'Living room', '--public', '--grant-type', grantType, '--scope', 'openid read:todos'];
  const { client_id } = await latchkey(town, 'client', 'add', ...command);
  const post = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: String(client_id), ...fields });
    const response = await fetch(`${town.authorizationServer}${path}`, { method: 'POST', body });
    return (await response.json()) as Record<string, unknown>;
  };
  const started = await post('/device/authorization', { scope: 'openid read:todos' });
  return {
    userCode: String(started.user_code),
    page: String(started.verification_uri),
    poll: () => post('/token', { grant_type: grantType, device_code: String(started.device_code) }),
  };
}

import { expect, test } from 'vitest';
import { appOf } from '../authorization-server/app.ts';
import { startMcpTown } from './mcp-town.ts';

const origin = 'https://inspector.example';

/** As a browser does it for a page: asks first where it must, and lets the page read the answer only if it may. */
async function fromPage(url: string, init: RequestInit = {}): Promise<Response> {
  const method = init.method ?? 'GET';
  const headers = new Headers(init.headers);
  const unusual = [...headers.keys()].filter((name) => !['accept', 'content-type'].includes(name));
  if (headers.get('content-type') === 'application/json') unusual.push('content-type');
  if (unusual.length > 0) {
    const asking = { origin, 'access-control-request-method': method };
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { ...asking, 'access-control-request-headers': unusual.join() },
    });
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    expect(preflight.status, url).toBe(204);
    expect([origin, '*'], url).toContain(preflight.headers.get('access-control-allow-origin'));
    for (const name of unusual) expect(allowed === '*' || allowed.includes(name), `${name} at ${url}`).toBe(true);
  }
  headers.set('origin', origin);
  const response = await fetch(url, { ...init, headers });
  expect([origin, '*'], url).toContain(response.headers.get('access-control-allow-origin'));
  return response;
}

test('an MCP client in a web page may read each step on its way: challenge, metadata, registration, token, tools', async () => {
  await using both = await startMcpTown();
  const spoken = { 'mcp-protocol-version': '2025-11-25' };
  const post = (token?: unknown) =>
    fromPage(both.mcpUrl, {
      method: 'POST',
      headers: {
        ...spoken,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });

  const challenged = await post();
  expect(challenged.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
  const metadataUrl = /resource_metadata="([^"]*)"/.exec(challenged.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const resource = await (await fromPage(metadataUrl, { headers: spoken })).json();
  const discovery = `${resource.authorization_servers[0]}/.well-known/oauth-authorization-server`;
  const metadata = await (await fromPage(discovery, { headers: spoken })).json();
  const registered = await fromPage(metadata.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Inspector',
      redirect_uris: [`${origin}/callback`],
      token_endpoint_auth_method: 'none',
      scope: resource.scopes_supported.join(' '),
    }),
  });
  expect(registered.status).toBe(201);

  const inspector = appOf(metadata, await registered.json());
  const request = inspector.request({ scope: 'read:todos', resource: resource.resource });
  const { code = '' } = await both.town.person('alice').authorize(request);
  const answer = await fromPage(metadata.token_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: inspector.id,
      code,
      code_verifier: request.verifier,
      redirect_uri: inspector.redirectUri,
      resource: resource.resource,
    }).toString(),
  });
  const { access_token } = await answer.json();
  expect((await post(access_token)).status).toBe(200);
});

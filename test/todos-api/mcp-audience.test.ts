import { expect, test } from 'vitest';
import { startMcpTown } from './mcp-town.ts';

test('RFC 8707: a token for one of the two resources opens nothing at the other', async () => {
  await using both = await startMcpTown();
  const [planner, alice] = [await both.town.app(), both.town.person('alice')];
  const scope = 'read:todos write:todos';
  const listTools = { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) };
  const ask = (url: string, token: unknown, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
    });

  const forApi = await alice.connect(planner, { scope });
  const forMcp = await alice.connect(planner, { scope, resource: both.mcpUrl });
  expect((await ask(`${both.apiUrl}/todos`, forApi.access_token)).status).toBe(200);
  expect((await ask(both.mcpUrl, forMcp.access_token, listTools)).status).toBe(200);
  for (const refused of [
    await ask(`${both.apiUrl}/todos`, forMcp.access_token),
    await ask(both.mcpUrl, forApi.access_token, listTools),
  ]) {
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid token' });
  }
});

import { expect, test } from 'vitest';
import { challenge, challenged, type SuiteTown } from './suite-town.ts';

/** What guards leave as it was: methods, bodies, errors, and what is open to everybody. */
export function testExchange(town: SuiteTown): void {
  const { ask } = town;

  test('HEAD is guarded as GET is; a preflight is not', async () => {
    const head = await ask('/api/me', {}, { method: 'HEAD' });
    expect(head.status).toBe(401);
    expect(challenged(head)).toBe('me');
    expect(await head.text()).toBe('');
    const preflight = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    expect((await ask('/api/me', preflight, { method: 'OPTIONS' })).status).toBe(204);
  });

  test('the body is left for the handler', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(50_000) });
    const headers = { ...(await town.issuer.bearer()), 'content-type': 'application/json' };
    const answer = await ask('/api/me/echo', headers, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(body);
    expect((await ask('/api/me/echo', { authorization: 'Bearer x' }, { method: 'POST', body })).status).toBe(401);
  });

  test('RFC 9728: the metadata is where the challenge says, for everybody', async () => {
    const [, url = ''] = /resource_metadata="([^"]+)"/.exec(challenge(await ask('/api/me')) ?? '') ?? [];
    const path = new URL(url).pathname;
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const answer = await ask(path, {}, { method });
      expect(answer.ok, method).toBe(true);
      if (method === 'OPTIONS') continue;
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    }
    expect(await (await ask(`${path}?x=1`)).json()).toEqual(town.resourceServer.metadata.document);
  });

  test('a handler that asks who is calling without a guard is told so', async () => {
    expect(await (await ask('/open', await town.issuer.bearer())).text()).toMatch(/No guard has let this request pass/);
  });

  test('what the app’s own code throws goes where the framework sends errors', async () => {
    expect((await ask('/api/me', await town.issuer.bearer({ sub: 'breaking' }))).status).toBe(503);
  });
}

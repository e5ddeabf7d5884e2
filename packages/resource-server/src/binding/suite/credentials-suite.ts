import { expect, test } from 'vitest';
import { badTokens, createDpopKey } from '../../testing/index.ts';
import { rawStatus } from './raw-request.ts';
import { challenge, challenged, type SuiteTown } from './suite-town.ts';

/** What a request may bring, and what is answered when it is no good. */
export function testCredentials(town: SuiteTown): void {
  const { ask } = town;

  test('F1, F10, S17: without credentials it is 401, with a bare challenge', async () => {
    const answer = await ask('/api/status');
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toMatch(/^Bearer realm="test", resource_metadata="[^"]+", DPoP algs="[^"]+"$/);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ error: 'unauthorized', error_description: 'Not authenticated' });
    expect(town.ran()).toBe(0);
  });

  test.each(['Non-existent x', 'Basic dTpw', ''])('F2, S17: %j is as good as no credentials', async (authorization) => {
    const answer = await ask('/api/me', { authorization });
    expect(answer.status).toBe(401);
    expect(challenge(answer)).not.toContain('error=');
    expect(challenged(answer)).toBe('me');
  });

  test.each(['Bearer  % ', 'bearer %', 'BEARER %', 'bEaReR\t%'])('F3, F4: %j is taken', async (form) => {
    const token = await town.issuer.accessToken();
    expect((await ask('/api/me', { authorization: form.replace('%', token) })).status).toBe(200);
  });

  test('F5: a garbage token is 401, and the challenge says what the route needs', async () => {
    const answer = await ask('/api/me', { authorization: 'Bearer garbage' });
    expect(answer.status).toBe(401);
    expect(challenged(answer)).toBe('me');
    expect(await answer.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid token' });
  });

  test('F6, S24: a token of nobody that is known is an invalid one', async () => {
    const answer = await ask('/api/me', await town.issuer.bearer({ sub: 'nobody' }));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid token' });
  });

  test('F11, S18: an optional guard lets the absent pass, never the bad', async () => {
    expect(await (await ask('/api/optional')).json()).toBe('anonymous');
    expect(await (await ask('/api/optional', { authorization: 'Basic dTpw' })).json()).toBe('anonymous');
    expect(await (await ask('/api/optional', await town.issuer.bearer())).json()).toMatchObject({ subject: 'alice' });
    expect((await ask('/api/optional', { authorization: 'Bearer garbage' })).status).toBe(401);
    expect((await ask('/api/optional', { authorization: 'Bearer' })).status).toBe(400);
  });

  test('S11, S12: a bad token of any kind is refused, where the guard is optional too', async () => {
    for (const { name, headers } of await badTokens(town.issuer))
      for (const path of ['/api/status', '/api/optional']) {
        const answer = await ask(path, headers);
        expect(answer.status, `${name} at ${path}`).toBe(401);
        const error_description = name === 'an expired token' ? 'Token expired' : 'Invalid token';
        expect(await answer.json(), name).toEqual({ error: 'invalid_token', error_description });
      }
    expect(town.ran()).toBe(0);
  });

  test('RFC 9449: a bound token passes with a proof for the address that clients see, once', async () => {
    const key = await createDpopKey();
    const request = { method: 'GET', url: 'https://api.example/api/me/items?x=1', key };
    const headers = await town.issuer.dpop(request);
    expect((await ask('/api/me/items?x=1', headers)).status).toBe(200);
    expect((await ask('/api/me/items?x=1', headers)).status).toBe(401);
    const elsewhere = await town.issuer.dpop({ ...request, url: 'https://api.example/items' });
    expect((await ask('/api/me/items', elsewhere)).status).toBe(401);
    const head = await town.issuer.dpop({ ...request, method: 'HEAD' });
    expect((await ask('/api/me/items', head, { method: 'HEAD' })).status).toBe(200);
  });

  test('two Authorization headers, a token in the query and a token too many are 400', async () => {
    const { authorization } = await town.issuer.bearer();
    const get = 'GET /api/status HTTP/1.1';
    const twice = [get, `Authorization: ${authorization}`, `Authorization: ${authorization}`];
    expect(await rawStatus(town.port, twice)).toBe(400);
    expect(await rawStatus(town.port, [get, `Authorization: ${authorization}`])).toBe(200);
    const inQuery = await ask(`/api/status?access_token=${authorization.slice(7)}`);
    expect(inQuery.status).toBe(400);
    expect(await inQuery.json()).toMatchObject({ error: 'invalid_request' });
    expect((await ask('/api/status', { authorization: `${authorization} more` })).status).toBe(400);
    expect((await ask('/api/status', { authorization: 'Bearer' })).status).toBe(400);
  });

  test('nothing that a stranger sends makes it fail', async () => {
    const authorizations = [
      'Bearer \xff\xfe',
      'Bearer eyJ.eyJ.',
      `Bearer ${'x'.repeat(8_192)}`,
      'DPoP',
      'DPoP x',
      '\t',
    ];
    const targets = ['/api/me?%', '/api/rooms/%E0%A4%A', '//api/me', '/api/../api/me', '*', `http://x.example/api/me`];
    for (const target of targets)
      for (const authorization of authorizations) {
        const status = await rawStatus(town.port, [`GET ${target} HTTP/1.1`, `Authorization: ${authorization}`]);
        expect(status, `${target} ${authorization}`).toBeGreaterThanOrEqual(400);
        expect(status, `${target} ${authorization}`).toBeLessThan(500);
      }
    expect(town.ran()).toBe(0);
  });
}

import { expect, test } from 'vitest';
import { challenged, type SuiteTown } from './suite-town.ts';

/** What guards ask for, alone and one below the other. */
export function testScopes(town: SuiteTown): void {
  const { ask, askWith } = town;

  test('F7: a missing scope is 403, and the first one is named', async () => {
    const answer = await askWith('/api/me/items', 'me');
    expect(answer.status).toBe(403);
    expect(challenged(answer)).toBe('me items');
    expect(await answer.json()).toEqual({
      error: 'insufficient_scope',
      error_description: 'Missing required scope: items',
    });
  });

  test('F9, S21: each route needs its own scopes and those around it', async () => {
    expect((await askWith('/api/me/items', 'items me')).status).toBe(200);
    expect((await askWith('/api/me/items', 'items')).status).toBe(403);
    expect((await askWith('/api/me', 'me')).status).toBe(200);
    expect((await askWith('/api/status', '')).status).toBe(200);
  });

  test('an outer guard answers first, and knows only what was asked for up to it', async () => {
    expect(challenged(await ask('/api/me/items'))).toBe('me');
    expect(challenged(await askWith('/api/me/items', 'items'))).toBe('me');
  });

  test('F12, S22: siblings do not leak into one another', async () => {
    expect(challenged(await askWith('/api/me/items', 'me'))).toBe('me items');
    expect(challenged(await askWith('/api/me/extra', 'me'))).toBe('me extra');
    expect(challenged(await askWith('/api/me', ''))).toBe('me');
    expect((await askWith('/api/me/extra', 'me extra')).status).toBe(200);
  });

  test('F13, F14: however many guards there are, the token is verified once', async () => {
    const answer = await askWith('/api/me/twice', 'me');
    expect(await answer.json()).toMatchObject({ requiredScopes: ['me'] });
    expect(town.verified()).toBe(1);
    await askWith('/api/me/twice', 'me');
    expect(town.verified()).toBe(2);
  });

  test('F15, S15: the guard alone enforces: the handler does not run', async () => {
    await askWith('/api/me/items', 'me');
    await ask('/api/status', await town.issuer.expired());
    expect(town.ran()).toBe(0);
    await askWith('/api/me/items', 'me items');
    expect(town.ran()).toBe(1);
  });

  test('F17, S16, S19, S20: the handler finds the token, the user, and all scopes that were asked for', async () => {
    const { authorization } = await town.issuer.bearer('items extra me');
    const token = authorization.replace('Bearer ', '');
    const common = { subject: 'alice', token, user: { name: 'alice' } };
    expect(await (await ask('/api/me/extra', { authorization })).json()).toEqual({
      ...common,
      requiredScopes: ['me', 'extra'],
      scopeString: 'me extra',
    });
    expect(await (await ask('/api/status', { authorization })).json()).toEqual({
      ...common,
      requiredScopes: [],
      scopeString: '',
    });
  });

  test('S22: scopes may depend on the request', async () => {
    expect((await askWith('/api/rooms/hall', 'me')).status).toBe(200);
    const secret = await askWith('/api/rooms/secret', 'me');
    expect(secret.status).toBe(403);
    expect(challenged(secret)).toBe('extra');
    expect((await askWith('/api/rooms/secret?x=1', 'extra')).status).toBe(200);
  });
}

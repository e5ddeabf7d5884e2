import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { headingOf } from './person.ts';
import { startTown } from './town.ts';

interface Listening extends AsyncDisposable {
  readonly port: number;
  readonly received: { readonly url: string; readonly type: string | undefined; readonly body: string }[];
  /** What it answers from now on. */
  answer: { status: number; headers?: Record<string, string>; body?: string };
}

/** A small server at home, whose callers are remembered. */
async function listening(): Promise<Listening> {
  const received: { url: string; type: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ url: request.url ?? '', type: request.headers['content-type'], body: await text(request) });
    response.writeHead(state.answer.status, state.answer.headers).end(state.answer.body);
  });
  server.listen(0);
  await once(server, 'listening');
  const state: Listening = {
    port: (server.address() as AddressInfo).port,
    received,
    answer: { status: 200 },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

test('an app at a trusted origin is told of the sign-out, by a token that only the server can make', async () => {
  await using home = await listening();
  const origin = `http://localhost:${home.port}`;
  await using town = await startTown({ TRUSTED_ORIGINS: origin });
  const alice = town.person('alice');
  const told = await town.app({
    backchannel_logout_uri: `${origin}/logout?a=1`,
    backchannel_logout_session_required: true,
  });
  const { id_token } = await alice.connect(told);
  const signIn = await town.verify(id_token, { audience: told.id });
  await alice.connect(await town.app());
  expect(headingOf(await alice.signOut())).toBe('You are signed out');

  expect(home.received).toHaveLength(1);
  const [{ url, type, body } = { url: '', type: '', body: '' }] = home.received;
  expect(url).toBe('/logout?a=1');
  expect(type).toMatch(/^application\/x-www-form-urlencoded/);
  const token = new URLSearchParams(body).get('logout_token');
  const { payload, protectedHeader } = await town.verify(token, { audience: told.id, typ: 'logout+jwt' });
  expect(protectedHeader.alg).toBe('ES256');
  expect(payload).toMatchObject({ sub: signIn.payload.sub, sid: signIn.payload.sid, events: { [logoutEvent]: {} } });
  expect(payload.sid).toBeTypeOf('string');
  expect(payload.jti).toBeTypeOf('string');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300);
  expect(payload).not.toHaveProperty('nonce');
});

test('two tabs of one session are one sid: the app is told of the sign-in that it knows', async () => {
  await using home = await listening();
  const origin = `http://localhost:${home.port}`;
  await using town = await startTown({ TRUSTED_ORIGINS: origin });
  const [told, alice] = [await town.app({ backchannel_logout_uri: `${origin}/logout` }), town.person('alice')];
  const sids = new Set();
  for (const scope of ['openid', 'openid profile', 'openid read:todos']) {
    sids.add((await town.verify((await alice.connect(told, { scope })).id_token)).payload.sid);
  }
  await alice.signOut();
  const logout = await town.verify(new URLSearchParams(home.received[0]?.body).get('logout_token'));
  expect([...sids]).toEqual([logout.payload.sid]);
});

test('an app that is down, slow to agree or redirects elsewhere does not keep anybody signed in', async () => {
  await using home = await listening();
  await using secret = await listening();
  const origin = `http://localhost:${home.port}`;
  await using town = await startTown({ TRUSTED_ORIGINS: origin });
  const [told, alice] = [await town.app({ backchannel_logout_uri: `${origin}/logout` }), town.person('alice')];
  for (const answer of [
    { status: 500 },
    { status: 302, headers: { location: `http://localhost:${secret.port}/` } },
    { status: 307, headers: { location: `http://localhost:${secret.port}/` } },
  ]) {
    home.answer = answer;
    const tokens = await alice.connect(told);
    expect(headingOf(await alice.signOut())).toBe('You are signed out');
    expect((await told.refresh(tokens.refresh_token)).status).toBe(400);
  }
  expect(home.received).toHaveLength(3);
  expect(secret.received).toEqual([]);
});

test('no app makes the server call a loopback or private address that the operator has not named', async () => {
  await using home = await listening();
  await using trusted = await listening();
  await using town = await startTown({ TRUSTED_ORIGINS: `http://localhost:${trusted.port}` });
  const alice = town.person('alice');
  for (const host of ['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433']) {
    const app = await town.app({ backchannel_logout_uri: `http://${host}:${home.port}/logout` });
    await alice.connect(app);
    expect(headingOf(await alice.signOut()), host).toBe('You are signed out');
  }
  expect(home.received).toEqual([]);
});

test('keys are fetched from a trusted origin, and from no other at home', async () => {
  await using home = await listening();
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = JSON.stringify({ keys: [await exportJWK(publicKey)] });
  home.answer = { status: 200, headers: { 'content-type': 'application/json' }, body: jwks };
  const service = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `http://localhost:${home.port}/jwks`,
  };
  for (const trusted of [true, false]) {
    await using town = await startTown(trusted ? { TRUSTED_ORIGINS: `http://localhost:${home.port}` } : {});
    const robot = await town.app(service);
    const before = home.received.length;
    const claims = { iss: robot.id, sub: robot.id, aud: town.issuer, jti: crypto.randomUUID() };
    const signed = new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).setIssuedAt().setExpirationTime('1m');
    const { status } = await robot.token({
      grant_type: 'client_credentials',
      client_assertion: await signed.sign(privateKey),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(home.received.length - before).toBe(trusted ? 1 : 0);
    expect(status).toBe(trusted ? 200 : 401);
  }
});

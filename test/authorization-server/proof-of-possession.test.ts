import { expect, test } from 'vitest';
import type { App } from './app.ts';
import { stopClock } from './clock.ts';
import { startTown, type Town } from './town.ts';
import { wallet } from './wallet.ts';

const exchangeWith = (app: App, code: string | undefined, verifier: string, dpop: string) =>
  app.token(
    { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: app.redirectUri },
    { dpop },
  );

async function start(town: Town) {
  const [planner, alice, keys] = [await town.app(), town.person('alice'), await wallet()];
  const fresh = async (params = {}) => {
    const request = planner.request(params);
    return { code: (await alice.authorize(request)).code, verifier: request.verifier };
  };
  const proof = (claims?: Record<string, unknown>) => keys.proof('POST', town.metadata.token_endpoint, claims);
  return { planner, keys, fresh, proof };
}

test('a proof binds the access token to the app’s key', async () => {
  await using town = await startTown();
  const { planner, keys, fresh, proof } = await start(town);
  const { code, verifier } = await fresh();
  const { status, body } = await exchangeWith(planner, code, verifier, await proof());
  expect(status).toBe(200);
  expect(body.token_type).toBe('DPoP');
  expect((await town.verify(body.access_token)).payload.cnf).toEqual({ jkt: keys.jkt });
});

test('a proof used again is refused, and so are all but one of those that arrive at once', async () => {
  await using town = await startTown();
  const { planner, fresh, proof } = await start(town);
  const first = await fresh();
  const dpop = await proof();
  expect((await exchangeWith(planner, first.code, first.verifier, dpop)).status).toBe(200);
  const second = await fresh();
  expect((await exchangeWith(planner, second.code, second.verifier, dpop)).status).toBe(400);

  for (let round = 0; round < 4; round++) {
    const shared = await proof();
    const codes = [await fresh(), await fresh(), await fresh()];
    const answers = await Promise.all(codes.map((each) => exchangeWith(planner, each.code, each.verifier, shared)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  }
});

test('a proof for another method, another address, or from another time is refused', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const { planner, fresh, keys, proof } = await start(town);
  const { token_endpoint } = town.metadata;
  const old = await proof();
  clock.advance(400);
  const wrong = [
    await keys.proof('GET', token_endpoint),
    await keys.proof('POST', `${town.issuer}/revoke`),
    await keys.proof('POST', 'https://evil.example/token'),
    await proof({ iat: Math.floor(Date.now() / 1000) + 3600 }),
    await proof({ nonce: 'made up' }),
    old,
    'x.y.z',
    '',
  ];
  for (const dpop of wrong) {
    const { code, verifier } = await fresh();
    const { status, body } = await exchangeWith(planner, code, verifier, dpop);
    if (dpop === '') continue;
    expect(status).toBe(400);
    expect(body.error).toMatch(/^(invalid_dpop_proof|use_dpop_nonce)$/);
  }
});

test('a nonce that the server does not know is answered with one that it takes', async () => {
  await using town = await startTown();
  const { planner, fresh, proof } = await start(town);
  const { code, verifier } = await fresh();
  const refused = await exchangeWith(planner, code, verifier, await proof({ nonce: 'made up' }));
  expect(refused).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  const nonce = refused.headers.get('dpop-nonce');
  expect(nonce).toMatch(/^[\w-]{43}$/);
  const { status } = await exchangeWith(planner, code, verifier, await proof({ nonce }));
  expect(status).toBe(200);
});

test('a public app’s refresh token is bound to the key: without its proof it is worth nothing', async () => {
  await using town = await startTown();
  const [open, alice, keys, others] = [
    await town.app({ token_endpoint_auth_method: 'none' }),
    town.person('alice'),
    await wallet(),
    await wallet(),
  ];
  const { token_endpoint } = town.metadata;
  const request = open.request();
  const { code } = await alice.authorize(request);
  const dpop = await keys.proof('POST', token_endpoint);
  const { body } = await exchangeWith(open, code, request.verifier, dpop);
  const refresh = (headers: Record<string, string>) =>
    open.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token }, headers);
  expect((await refresh({})).status).toBe(400);
  expect((await refresh({ dpop: await others.proof('POST', token_endpoint) })).status).toBe(400);
  const refreshed = await refresh({ dpop: await keys.proof('POST', token_endpoint) });
  expect(refreshed.status).toBe(200);
  expect((await town.verify(refreshed.body.access_token)).payload.cnf).toEqual({ jkt: keys.jkt });
});

test('a code that was asked for with a key is exchanged with that key only', async () => {
  await using town = await startTown();
  const { planner, keys, fresh, proof } = await start(town);
  const others = await wallet();
  const bound = await fresh({ dpop_jkt: keys.jkt });
  const wrong = await others.proof('POST', town.metadata.token_endpoint);
  expect((await exchangeWith(planner, bound.code, bound.verifier, wrong)).status).toBe(400);
  const again = await fresh({ dpop_jkt: keys.jkt });
  expect((await exchangeWith(planner, again.code, again.verifier, await proof())).status).toBe(200);
});

test('/userinfo takes a bound token with its proof, and not as a bearer token', async () => {
  await using town = await startTown();
  const { planner, keys, fresh, proof } = await start(town);
  const { userinfo_endpoint } = town.metadata;
  const { code, verifier } = await fresh({ scope: 'openid profile' });
  const { body } = await exchangeWith(planner, code, verifier, await proof());
  const token = body.access_token;
  const call = (headers: Record<string, string>) => fetch(userinfo_endpoint, { headers });
  expect((await call({ authorization: `Bearer ${token}` })).status).toBe(401);
  expect((await call({ authorization: `DPoP ${token}` })).status).toBe(400);
  const others = await (await wallet()).proof('GET', userinfo_endpoint, { token });
  expect((await call({ authorization: `DPoP ${token}`, dpop: others })).status).toBe(401);
  const own = await keys.proof('GET', userinfo_endpoint, { token });
  expect((await call({ authorization: `DPoP ${token}`, dpop: own })).status).toBe(200);
  expect((await call({ authorization: `DPoP ${token}`, dpop: own })).status).toBe(401);
});

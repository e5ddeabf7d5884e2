import { expect, test } from 'vitest';
import { challengeOf, random } from './app.ts';
import { stopClock } from './clock.ts';
import { startTown } from './town.ts';

test('a code used twice is refused the second time, and what the first got is dead', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request({ scope: 'openid profile' });
  const { code } = await alice.authorize(request);
  const first = await planner.exchange(code, request);
  expect(first.status).toBe(200);

  const second = await planner.exchange(code, request);
  expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect(await planner.refresh(first.body.refresh_token)).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
  const userinfo = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${first.body.access_token}` },
  });
  expect(userinfo.status).toBe(401);
});

test('after a replayed code, the same person signs in anew and all is well', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const { code } = await alice.authorize(request);
  await planner.exchange(code, request);
  await planner.exchange(code, request);
  const tokens = await alice.connect(planner);
  expect((await planner.refresh(tokens.refresh_token)).status).toBe(200);
});

test('of parallel exchanges of one code exactly one succeeds, and its refresh token is dead as well', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  for (let round = 0; round < 5; round++) {
    const request = planner.request();
    const { code } = await alice.authorize(request);
    const answers = await Promise.all([1, 2, 3].map(() => planner.exchange(code, request)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await planner.refresh(winner?.body.refresh_token)).status).toBe(400);
  }
});

test('the code of one app is worthless to another, and still good for its own', async () => {
  await using town = await startTown();
  const [planner, thief, alice] = [await town.app(), await town.app(), town.person('alice')];
  const request = planner.request();
  const { code } = await alice.authorize(request);
  expect(await thief.exchange(code, request)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await planner.exchange(code, request)).status).toBe(200);
});

test('a code is good for a minute', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const [early, late] = [planner.request(), planner.request()];
  const [inTime, tooLate] = [(await alice.authorize(early)).code, (await alice.authorize(late)).code];
  clock.advance(55);
  expect((await planner.exchange(inTime, early)).status).toBe(200);
  clock.advance(25);
  expect(await planner.exchange(tooLate, late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('the wrong PKCE verifier, none, or the challenge itself is refused', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  for (const code_verifier of [random(), undefined, '', 'short', 'x'.repeat(129)]) {
    const request = planner.request();
    const { code } = await alice.authorize(request);
    const answer = await planner.exchange(code, request, { code_verifier });
    expect(answer.status, `verifier ${code_verifier}`).toBe(400);
    expect(answer.body.error).toMatch(/^invalid_(grant|request)$/);
  }
  const request = planner.request();
  const { code } = await alice.authorize(request);
  const code_verifier = challengeOf(request.verifier);
  expect(await planner.exchange(code, request, { code_verifier })).toMatchObject({ body: { error: 'invalid_grant' } });
});

test('a request without PKCE or with the method plain is sent back: invalid_request', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const verifier = random();
  for (const params of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge: verifier, code_challenge_method: 'plain' },
    { code_challenge: verifier, code_challenge_method: undefined },
    { code_challenge: undefined },
    { code_challenge: 'short' },
  ]) {
    const request = planner.request(params);
    const answer = await alice.authorize(request);
    expect(answer).toMatchObject({ error: 'invalid_request', state: request.state, iss: town.issuer });
  }
});

test('PKCE may be optional for a confidential app; once a challenge was sent, it counts', async () => {
  await using town = await startTown();
  const [old, alice] = [await town.app({ pkce: 'optional' }), town.person('alice')];
  const without = old.request({ code_challenge: undefined, code_challenge_method: undefined });
  const { code } = await alice.authorize(without);
  expect((await old.exchange(code, without, { code_verifier: undefined })).status).toBe(200);

  const withChallenge = old.request();
  const second = await alice.authorize(withChallenge);
  expect(await old.exchange(second.code, withChallenge, { code_verifier: undefined })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
});

test('a verifier where no challenge was sent is refused: the request was tampered with', async () => {
  await using town = await startTown();
  const [old, alice] = [await town.app({ pkce: 'optional' }), town.person('alice')];
  const request = old.request({ code_challenge: undefined, code_challenge_method: undefined });
  const { code } = await alice.authorize(request);
  expect(await old.exchange(code, request)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('a public app cannot be registered with optional PKCE, and needs PKCE always', async () => {
  await using town = await startTown();
  const registration = { token_endpoint_auth_method: 'none', pkce: 'optional' };
  await expect(town.app(registration)).rejects.toThrow('pkce');
  const [open, alice] = [await town.app({ token_endpoint_auth_method: 'none' }), town.person('alice')];
  const request = open.request({ code_challenge: undefined, code_challenge_method: undefined });
  expect(await alice.authorize(request)).toMatchObject({ error: 'invalid_request' });
  expect(await alice.connect(open)).toHaveProperty('access_token');
});

test('prompt=none: login_required without a session, consent_required without consent, a code with both', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const silent = () => planner.request({ prompt: 'none' });
  const request = silent();
  expect(await alice.authorize(request)).toMatchObject({
    error: 'login_required',
    state: request.state,
    iss: town.issuer,
  });
  await alice.connect(await town.app());
  expect(await alice.authorize(silent())).toMatchObject({ error: 'consent_required' });
  await alice.connect(planner);
  expect(await alice.authorize(silent())).toHaveProperty('code');
  expect(await alice.authorize(planner.request({ prompt: 'none', scope: 'openid write:todos' }))).toMatchObject({
    error: 'consent_required',
  });
});

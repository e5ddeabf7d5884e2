import { expect, test } from 'vitest';
import { stopClock } from './clock.ts';
import type { Person } from './person.ts';
import { startCollector } from './report-collector.ts';
import { reportedTown } from './reported-town.ts';
import { startTown, type Town } from './town.ts';

const story = reportedTown();
const { checksAt } = story;

/** Alice signs in at a new browser, and the app has its code. */
async function codeFor(person: Person = story.town.person('alice'), params = {}) {
  const request = story.app.request({ scope: 'openid read:todos', ...params });
  const { code } = await person.authorize(request);
  return { request, code };
}

const asked = ['client', 'redirect_uri', 'scope', 'pkce'];
const authenticated = ['client', 'client_authentication'];

test('of a sign-in it is told who was checked where, and nothing that was not', async () => {
  const alice = story.town.person('alice');
  const request = story.app.request();
  const page = await alice.open(request);
  expect(await checksAt('/authorize')).toEqual(asked);
  const wrong = await alice.signIn(page, { password: 'a guess' });
  expect(await checksAt(/\/login$/)).toEqual(['session', 'account: incorrect username or password']);
  const consent = await alice.signIn(wrong);
  expect(await checksAt(/\/login$/)).toEqual(['session', 'account']);
  expect(await checksAt(/^\/authorize\/./)).toEqual(['client', 'session', 'account']);
  const back = await alice.allow(consent);
  expect(await checksAt(/\/confirm$/)).toEqual(['session', 'consent']);
  expect(await checksAt(/^\/authorize\/./)).toEqual(['client', 'session', 'account', 'consent']);

  const code = back.url.searchParams.get('code') ?? '';
  await story.app.exchange(code, request);
  expect(await checksAt('/token')).toEqual([...authenticated, 'pkce', 'redirect_uri', 'code', 'account']);
  const { request: sent, answer, ...exchange } = await story.collector.toldAt(story.town.issuer, '/token');
  expect(exchange).toMatchObject({ to: 'authorization-server', reporter: 'authorization-server', channel: 'front' });
  expect(new URLSearchParams(sent.body).get('code')).toBe(code);
  expect(JSON.parse(answer?.body ?? '')).toHaveProperty('access_token');
});

test('who is signed in already goes straight through, and that is told', async () => {
  const alice = story.town.person('alice');
  await codeFor(alice);
  await alice.authorize(story.app.request());
  expect(await checksAt('/authorize')).toEqual([...asked, 'session', 'account', 'consent']);
});

test('a wrong verifier: the code is not called unused, since that is looked at last', async () => {
  const { code, request } = await codeFor();
  await story.app.exchange(code, request, { code_verifier: 'w'.repeat(43) });
  expect(await checksAt('/token')).toEqual([...authenticated, 'pkce: code_verifier does not match code_challenge']);
});

test('another redirect URI than that of the request', async () => {
  const { code, request } = await codeFor();
  await story.app.exchange(code, request, { redirect_uri: 'https://planner.example/other' });
  expect(await checksAt('/token')).toEqual([
    ...authenticated,
    'pkce',
    'redirect_uri: authorization code redirect_uri mismatch',
  ]);
});

test('a replayed code: all else was as it should be; then nothing of it is left', async () => {
  const { code, request } = await codeFor();
  await story.app.exchange(code, request);
  await story.app.exchange(code, request);
  const before = [...authenticated, 'pkce', 'redirect_uri'];
  expect(await checksAt('/token')).toEqual([...before, expect.stringMatching(/^code: .*already/)]);
  await story.app.exchange(code, request);
  expect(await checksAt('/token')).toEqual([...authenticated, expect.stringMatching(/^code: .*not found/)]);
  await story.app.exchange('made up', request);
  expect(await checksAt('/token')).toEqual([...authenticated, 'code: authorization code not found']);
});

test('a client that nobody knows, and one with another secret', async () => {
  const { code, request } = await codeFor();
  await story.app.exchange(code, request, { client_id: 'nobody', client_secret: 's'.repeat(40) });
  expect(await checksAt('/token')).toEqual(['client: client not found']);
  await story.app.exchange(code, request, { client_id: story.app.id, client_secret: 's'.repeat(40) });
  expect(await checksAt('/token')).toEqual(['client', 'client_authentication: invalid secret provided']);
});

test('a request with a foreign redirect URI, by nobody, without PKCE, or for a scope that the client may not have', async () => {
  const alice = story.town.person('alice');
  await alice.open(story.app.request({ redirect_uri: 'https://thief.example/' }));
  expect(await checksAt('/authorize')).toEqual(['client', expect.stringMatching(/^redirect_uri: .*did not match/)]);
  await alice.open(story.app.request({ client_id: 'nobody' }));
  expect(await checksAt('/authorize')).toEqual(['client: client not found']);
  await alice.open(story.app.request({ code_challenge: undefined, code_challenge_method: undefined }));
  expect(await checksAt('/authorize')).toEqual([
    'client',
    'redirect_uri',
    'scope',
    expect.stringMatching(/^pkce: .*PKCE/),
  ]);
  await alice.open(story.app.request({ prompt: 'none' }));
  expect(await checksAt('/authorize')).toEqual([...asked, expect.stringMatching(/^session: /)]);
});

test('Alice says no', async () => {
  const alice = story.town.person('alice');
  const other = await story.town.app();
  await alice.deny(await alice.signIn(await alice.open(other.request())));
  expect(await checksAt(/\/abort$/)).toEqual(['session', 'consent: the person said no']);
  expect(await checksAt(/^\/authorize\/./)).toEqual(['client', 'session', expect.stringMatching(/^consent: /)]);
});

test('a refresh token is rotated; used again after the grace it takes its family with it', async () => {
  using clock = stopClock();
  const { refresh_token } = await story.town.person('alice').connect(story.app, { scope: 'openid read:todos' });
  await story.app.refresh(refresh_token);
  expect(await checksAt('/token')).toEqual([...authenticated, 'account', 'refresh_token']);
  clock.advance(31);
  const { status } = await story.app.refresh(refresh_token);
  expect(status).toBe(400);
  expect(await checksAt('/token')).toEqual([...authenticated, 'refresh_token: refresh token already used']);
});

test('more scope than a refresh token has', async () => {
  const { refresh_token } = await story.town.person('alice').connect(story.app, { scope: 'openid read:todos' });
  await story.app.refresh(refresh_token, { scope: 'admin' });
  expect(await checksAt('/token')).toEqual([...authenticated, 'scope: refresh token missing requested scope: admin']);
});

/** What apps and browsers get in a sign-in, a refresh and some refusals, without what is random in it. */
async function answersOf(place: Town): Promise<unknown[]> {
  const planner = await place.app();
  const alice = place.person('alice');
  const request = planner.request();
  const first = await alice.open(request);
  const { url } = await alice.allow(await alice.signIn(first));
  const code = url.searchParams.get('code') ?? '';
  const answers = [
    await planner.exchange(code, request, { code_verifier: 'w'.repeat(43) }),
    await planner.exchange(code, request),
    await planner.exchange(code, request),
    await planner.token({ grant_type: 'nonsense' }),
    await planner.token({ grant_type: 'refresh_token', refresh_token: 'x'.repeat(100_000) }),
  ];
  const foreign = await alice.open(planner.request({ redirect_uri: 'https://thief.example/' }));
  return [
    [...url.searchParams.keys()],
    foreign.status,
    ...answers.map(({ status, headers, body }) => ({
      status,
      headers: [...headers.keys()],
      body: body.error ?? Object.keys(body),
      description: body.error_description,
    })),
  ];
}

test('what apps and browsers get is the same whether it is told or not, also where nobody takes it', async () => {
  await using deaf = await startCollector('deaf');
  await using plain = await startTown();
  await using unheard = await startTown(deaf.environment);
  const expected = await answersOf(plain);
  expect(await answersOf(story.town)).toEqual(expected);
  // The deaf one never answers: whoever waited for it would be waiting still.
  expect(await answersOf(unheard)).toEqual(expected);
});

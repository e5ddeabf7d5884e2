import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';

// NOTE: written for browsers, without types; Node has all that it uses.
const file = '../../docs-page/authorization.js';
const { answerTo, authorizationUrl, exchange, prepareAttempt, readAnswer } = await import(file);

const issuer = 'https://login.example';
const request = {
  endpoint: 'https://login.example/authorize?tenant=1',
  clientId: 'notes-docs',
  redirectUri: 'https://notes.example/docs/oauth2-redirect',
  resource: 'https://notes.example/api',
  attempt: { state: 'the-state', verifier: 'the-verifier', challenge: 'the-challenge' },
};

test('state and verifier are 256 random bits each, and the challenge is that of S256', async () => {
  const attempts = await Promise.all(Array.from({ length: 50 }, () => prepareAttempt()));
  for (const { state, verifier, challenge } of attempts) {
    for (const value of [state, verifier, challenge]) expect(value).toMatch(/^[\w-]{43}$/);
    expect(challenge).toBe(createHash('sha256').update(verifier).digest('base64url'));
  }
  expect(new Set(attempts.flatMap(({ state, verifier }) => [state, verifier])).size).toBe(100);
});

test('the request says what is asked for; without scopes it still names the API', () => {
  const url = new URL(authorizationUrl({ ...request, scopes: ['read:todos', 'write:todos'] }));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    tenant: '1',
    client_id: 'notes-docs',
    response_type: 'code',
    redirect_uri: 'https://notes.example/docs/oauth2-redirect',
    scope: 'read:todos write:todos',
    state: 'the-state',
    code_challenge: 'the-challenge',
    code_challenge_method: 'S256',
    resource: 'https://notes.example/api',
  });
  const without = new URL(authorizationUrl({ ...request, scopes: [] })).searchParams;
  expect(without.has('scope')).toBe(false);
  expect(without.get('resource')).toBe('https://notes.example/api');
});

test('only the answer with this attempt’s state is taken, and whoever brought it is told', async () => {
  const name = 'answers';
  const answering = answerTo(request.attempt, name, new AbortController().signal);
  using redirect = channel(name);
  for (const stranger of [undefined, 'text', {}, { answer: null }, { answer: { state: 'other', code: 'stolen' } }])
    redirect.postMessage(stranger);
  redirect.postMessage({ answer: { state: 'the-state', code: 'the-code' } });
  expect(await answering).toEqual({ state: 'the-state', code: 'the-code' });
  expect(await redirect.heard).toEqual({ taken: 'the-state' });
});

test('whoever does not wait any longer takes nothing', async () => {
  const name = 'given up';
  const abandoned = new AbortController();
  let taken = false;
  answerTo(request.attempt, name, abandoned.signal).then(() => {
    taken = true;
  });
  abandoned.abort();
  const next = answerTo(request.attempt, name, new AbortController().signal);
  using redirect = channel(name);
  redirect.postMessage({ answer: { state: 'the-state', code: 'the-code' } });
  await next;
  expect(taken).toBe(false);
});

test('RFC 9207: an answer of another issuer, or of one that does not say who it is, is not used', () => {
  const required = { issuer, issuerParameter: 'required' };
  const code = 'the-code';
  expect(readAnswer({ iss: issuer, code }, required)).toEqual({ code });
  for (const iss of [undefined, '', `${issuer}/`, 'https://evil.example']) {
    expect(readAnswer({ iss, code }, required)).toEqual({ problem: expect.stringContaining(issuer) });
    expect(readAnswer({ iss, error: 'access_denied' }, required)).toEqual({ problem: expect.stringContaining(issuer) });
  }
  const optional = { issuer, issuerParameter: 'optional' };
  expect(readAnswer({ code }, optional)).toEqual({ code });
  expect(readAnswer({ iss: 'https://evil.example', code }, optional)).toHaveProperty('problem');
});

test('a refusal is told in words, with the code for whoever helps', () => {
  const settings = { issuer, issuerParameter: 'required' };
  const denied = { iss: issuer, error: 'access_denied', error_description: 'The person said no' };
  expect(readAnswer(denied, settings)).toEqual({
    problem: 'Nothing was allowed, so there is no token.',
    detail: 'access_denied: The person said no',
  });
  expect(readAnswer({ iss: issuer, error: 'invalid_scope' }, settings)).toMatchObject({ detail: 'invalid_scope' });
  expect(readAnswer({ iss: issuer }, settings)).toHaveProperty('problem');
});

test('the code is exchanged with the verifier, without cookies, and along no redirect', async () => {
  const sent: [string, RequestInit][] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push([url, init]);
    return Response.json({ access_token: 'the-token', token_type: 'bearer', expires_in: 300 });
  };
  expect(await exchange(request, 'the-code', fetch)).toMatchObject({ token: { access_token: 'the-token' } });
  const [[url, { body, ...init }] = ['', {}]] = sent;
  expect(url).toBe(request.endpoint);
  expect(init).toEqual({ method: 'POST', credentials: 'omit', redirect: 'error' });
  expect(Object.fromEntries(body as URLSearchParams)).toEqual({
    grant_type: 'authorization_code',
    code: 'the-code',
    redirect_uri: request.redirectUri,
    client_id: 'notes-docs',
    code_verifier: 'the-verifier',
    resource: 'https://notes.example/api',
  });
});

test('whatever the token endpoint answers, it is a token or a problem', async () => {
  const answers: Record<string, () => Promise<Response>> = {
    refused: async () => Response.json({ error: 'invalid_grant', error_description: 'gone' }, { status: 400 }),
    'no JSON': async () => new Response('<html>', { status: 502 }),
    'no token': async () => Response.json({ token_type: 'Bearer' }),
    nothing: async () => Response.json(null),
    'another kind': async () => Response.json({ access_token: 'x', token_type: 'DPoP' }),
    'nobody there': async () => Promise.reject(new TypeError('fetch failed')),
  };
  for (const [name, answer] of Object.entries(answers))
    expect(await exchange(request, 'the-code', answer), name).toHaveProperty('problem');
  expect(await exchange(request, 'the-code', answers.refused)).toMatchObject({ detail: 'invalid_grant: gone' });
});

/** The page that the authorization server leads back to. */
function channel(name: string) {
  const opened = new BroadcastChannel(name);
  const heard = new Promise<unknown>((resolve) => {
    opened.addEventListener('message', (event) => resolve((event as MessageEvent).data), { once: true });
  });
  return {
    heard,
    postMessage: (message: unknown) => opened.postMessage(message),
    [Symbol.dispose]: () => opened.close(),
  };
}

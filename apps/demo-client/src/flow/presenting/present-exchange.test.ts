import type { Exchange } from '@latchkey/flow-reports';
import { expect, test } from 'vitest';
import { mermaidOf } from '../exports/mermaid.ts';
import { presentExchange } from './present-exchange.ts';

const secret = 'ZXhhbXBsZS1zZWNyZXQtMTIzNDU2Nzg5MC1hYmNkZWY';
const jwt = `${encoded({ alg: 'ES256', typ: 'at+jwt' })}.${encoded({ sub: 'alice', scope: 'read:todos', exp: 1 })}.${'s1G'.repeat(20)}`;

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function exchange(changes: Partial<Exchange> = {}): Exchange {
  return {
    id: 'trace-span',
    traceId: 'trace',
    from: 'client',
    to: 'authorization-server',
    channel: 'back',
    startedAt: 1,
    tookMs: 12,
    request: {
      method: 'POST',
      url: 'https://login.example/token',
      headers: [
        ['Authorization', `Basic ${secret}`],
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['Cookie', `session=${secret}`],
        ['X-Unknown', secret],
      ],
      body: new URLSearchParams({ grant_type: 'authorization_code', code: secret, code_verifier: secret }).toString(),
    },
    answer: {
      status: 200,
      headers: [
        ['Content-Type', 'application/json'],
        ['Set-Cookie', `a=${secret}; HttpOnly`],
      ],
      body: JSON.stringify({ access_token: jwt, refresh_token: secret, expires_in: 300, scope: 'read:todos' }),
    },
    checks: [{ by: 'authorization-server', name: 'pkce', outcome: 'passed' }],
    ...changes,
  };
}

test('an exchange of a code is told with each part, its reason and its section', () => {
  const shown = presentExchange(exchange(), { order: 7 });
  expect(shown).toMatchObject({
    order: 7,
    step: 'token-exchange',
    title: 'The client swaps the code for tokens',
    outcome: 'done',
    request: { label: 'POST /token', carries: ['grant_type', 'code', 'code_verifier'] },
    answer: { label: '200', carries: ['access_token', 'refresh_token', 'expires_in', 'scope'] },
  });
  expect(shown.request.parameters.find(({ name }) => name === 'code_verifier')).toMatchObject({
    where: 'form',
    value: { kind: 'secret', length: secret.length },
    rfc: { label: 'RFC 7636, section 4.5' },
  });
  expect(shown.checks[0]).toMatchObject({ words: 'The hash of the verifier is the challenge of the request.' });
});

test('a token is shown as what it says, without what makes it a token', () => {
  const { answer } = presentExchange(exchange(), { order: 1 });
  const part = answer?.parameters.find(({ name }) => name === 'access_token');
  const token = part?.value.kind === 'secret' ? part.value.token : undefined;
  expect(token?.claims.map(({ name, value }) => [name, value])).toEqual([
    ['sub', 'alice'],
    ['scope', 'read:todos'],
    ['exp', '1'],
  ]);
  expect(JSON.stringify(part)).not.toContain('s1Gs1G');
});

/** Wherever a stranger or a careless app may put a secret. */
const places: Readonly<Record<string, (planted: string) => Partial<Exchange>>> = {
  'a known header': (planted) => ({
    request: { ...exchange().request, headers: [['Authorization', `DPoP ${planted}`]] },
  }),
  'an unknown header': (planted) => ({ request: { ...exchange().request, headers: [['X-Api-Key', planted]] } }),
  'an unknown parameter': (planted) => ({
    request: { ...exchange().request, url: `https://login.example/authorize?thing=${planted}` },
  }),
  'a redirect': (planted) => ({
    answer: {
      status: 303,
      headers: [['Location', `https://app.example/callback?code=${planted}&state=${planted}#${planted}`]],
    },
  }),
  'a member of JSON inside another': (planted) => ({
    answer: {
      status: 200,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ a: { token: planted } }),
    },
  }),
  'a cookie': (planted) => ({ answer: { status: 200, headers: [['Set-Cookie', `x=${planted}; Path=/`]] } }),
  'what a check has found': (planted) => ({
    checks: [{ by: 'api', name: 'signature', outcome: 'failed', detail: `bad token ${planted}` }],
  }),
  'a failure': (planted) => ({ answer: undefined, failure: `no answer for ${planted}` }),
  'an error of an answer': (planted) => ({
    answer: { status: 401, headers: [['WWW-Authenticate', `Bearer error_description="${planted}"`]] },
  }),
};

test.each(Object.keys(places))('a token in %s does not come out', (place) => {
  const shown = presentExchange(exchange(places[place]?.(jwt)), { order: 1 });
  expect(JSON.stringify(shown)).not.toContain(jwt.slice(-30));
  expect(mermaidOf([shown])).not.toContain(jwt.slice(-30));
});

test('passwords leave not even a hash', () => {
  const body = new URLSearchParams({ username: 'alice', password: 'alice-password' }).toString();
  const request = { ...exchange().request, url: 'https://login.example/interaction/x/login', body };
  const shown = presentExchange(exchange({ request }), { order: 1 });
  expect(shown.request.parameters.find(({ name }) => name === 'password')?.value).toEqual({
    kind: 'text',
    text: '•••',
  });
});

test.each([
  [401, 'refused'],
  [503, 'failed'],
  [303, 'done'],
] as const)('%i is %s', (status, outcome) => {
  expect(presentExchange(exchange({ answer: { status, headers: [] } }), { order: 1 }).outcome).toBe(outcome);
});

test('Mermaid takes no characters of ours for its own', () => {
  const request = { ...exchange().request, url: 'https://login.example/a;b%0A%23c' };
  const [, ...lines] = mermaidOf([presentExchange(exchange({ request }), { order: 1 })]).split('\n');
  expect(lines.filter((line) => line !== '').every((line) => /^ {4}(participant|\w+-->>\w+:) ?/.test(line))).toBe(true);
  expect(lines.join('')).not.toContain(';');
});

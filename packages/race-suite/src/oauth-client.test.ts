import { expect, test } from 'vitest';
import { answerOf } from './answer.ts';
import { type ClientIdentity, createOAuthClient } from './oauth-client.ts';
import type { Traffic } from './traffic.ts';

const metadata = {
  issuer: 'https://id.example',
  authorization_endpoint: 'https://id.example/authorize',
  token_endpoint: 'https://id.example/token',
};

/** A client, and what it sent. */
function observed(identity: ClientIdentity, tokenEndpoints = [metadata.token_endpoint]) {
  const sent: { url: string; headers: Headers; form: Record<string, string> }[] = [];
  const traffic: Traffic = {
    requests: 0,
    send: () => Promise.reject(new Error('not asked for')),
    async ask(url, init) {
      const form = Object.fromEntries(init?.body as URLSearchParams);
      sent.push({ url: String(url), headers: new Headers(init?.headers), form });
      return answerOf({ status: 200, headers: new Headers(), text: '{}' });
    },
  };
  const redirectUri = 'https://app.example/callback';
  const client = createOAuthClient(identity, { traffic, metadata, tokenEndpoints, redirectUri, resource: undefined });
  return { client, sent };
}

test('RFC 6749, section 2.3.1: a client proves who it is in the header, in the form, or not at all', async () => {
  const basic = observed({ id: 'a:b', secret: 'c%d', method: 'client_secret_basic' });
  await basic.client.refresh('x');
  expect(basic.sent[0]?.headers.get('authorization')).toBe(`Basic ${btoa('a%3Ab:c%25d')}`);
  expect(basic.sent[0]?.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'x' });

  const post = observed({ id: 'a', secret: 'c', method: 'client_secret_post' });
  await post.client.refresh('x');
  expect(post.sent[0]?.form).toMatchObject({ client_id: 'a', client_secret: 'c' });

  const open = observed({ id: 'a', method: 'none' });
  await open.client.refresh('x');
  expect(open.sent[0]?.form).toMatchObject({ client_id: 'a' });
  expect(open.sent[0]?.headers.has('authorization')).toBe(false);
});

test('uses are spread over the replicas, which are told under which name they are asked', async () => {
  const replicas = [metadata.token_endpoint, 'http://10.0.0.2:3000/token'];
  const { client, sent } = observed({ id: 'a', method: 'none' }, replicas);
  for (let use = 0; use < 3; use++) await client.refresh('x');
  expect(sent.map(({ url, headers }) => [url, headers.get('x-forwarded-host')])).toEqual([
    [metadata.token_endpoint, null],
    ['http://10.0.0.2:3000/token', 'id.example'],
    [metadata.token_endpoint, null],
  ]);
  expect(sent[1]?.headers.get('x-forwarded-proto')).toBe('https');
});

import { expect, test } from 'vitest';
import { answerOf } from './answer.ts';
import { discover } from './server-metadata.ts';
import type { Traffic } from './traffic.ts';

/** Serves documents by address; everything else is not there. */
function serving(documents: Record<string, object>): Traffic {
  return {
    requests: 0,
    send: () => Promise.reject(new Error('not asked for')),
    async ask(url) {
      const document = documents[String(url)];
      return answerOf({ status: document ? 200 : 404, headers: new Headers(), text: JSON.stringify(document ?? {}) });
    },
  };
}

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
});

test('the metadata is found where OpenID Connect or RFC 8414 puts it', async () => {
  const issuer = 'https://id.example/realms/test';
  const places = [
    'https://id.example/realms/test/.well-known/openid-configuration',
    'https://id.example/.well-known/oauth-authorization-server/realms/test',
  ];
  for (const place of places) {
    const found = await discover(issuer, serving({ [place]: metadata(issuer) }));
    expect(found.token_endpoint).toBe(`${issuer}/token`);
  }
});

test('a slash at the end makes no other issuer', async () => {
  const place = 'https://id.example/.well-known/openid-configuration';
  const found = await discover('https://id.example', serving({ [place]: metadata('https://id.example/') }));
  expect(found.issuer).toBe('https://id.example/');
});

test('another issuer’s metadata is refused, and where there is none, it is said where it was looked for', async () => {
  const place = 'https://id.example/.well-known/openid-configuration';
  const other = serving({ [place]: metadata('https://other.example') });
  await expect(discover('https://id.example', other)).rejects.toThrow('speaks for another issuer');
  await expect(discover('https://id.example', serving({}))).rejects.toThrow(`${place}: 404`);
});

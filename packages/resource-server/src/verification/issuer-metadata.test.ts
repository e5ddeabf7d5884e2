import { expect, test } from 'vitest';
import { discoverIssuer } from './issuer-metadata.ts';

const issuer = 'https://login.example/realm';
const metadata = { issuer, jwks_uri: 'https://login.example/keys' };
const serving = (documents: Record<string, unknown>) => async (url: string) => ({
  json: documents[url],
  freshSeconds: undefined,
});

test.each([
  'https://login.example/.well-known/oauth-authorization-server/realm',
  'https://login.example/realm/.well-known/openid-configuration',
])('the metadata is found at %s', async (url) => {
  const found = await discoverIssuer(issuer, serving({ [url]: metadata }));
  expect(found.jwks_uri).toBe('https://login.example/keys');
});

test.each([
  ['of another issuer', { ...metadata, issuer: 'https://login.example/realm/' }],
  ['with keys over http', { issuer, jwks_uri: 'http://login.example/keys' }],
  ['that is a list', []],
])('metadata %s is refused', async (_, document) => {
  const url = 'https://login.example/.well-known/oauth-authorization-server/realm';
  await expect(discoverIssuer(issuer, serving({ [url]: document }))).rejects.toThrow();
});

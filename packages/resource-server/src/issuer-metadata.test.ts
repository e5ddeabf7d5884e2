import { expect, test } from 'vitest';
import { discoverJwksUri } from './issuer-metadata.ts';

const issuer = 'https://login.example/realm';
const metadata = { issuer, jwks_uri: 'https://login.example/keys' };
const serving = (documents: Record<string, unknown>) => async (url: string) => documents[url];

test.each([
  'https://login.example/.well-known/oauth-authorization-server/realm',
  'https://login.example/realm/.well-known/openid-configuration',
])('the metadata is found at %s', async (url) => {
  expect(await discoverJwksUri(issuer, serving({ [url]: metadata }))).toBe('https://login.example/keys');
});

test.each([
  ['of another issuer', { ...metadata, issuer: 'https://login.example/realm/' }],
  ['without keys', { issuer }],
  ['with keys over http', { issuer, jwks_uri: 'http://login.example/keys' }],
  ['that is a list', []],
])('metadata %s is refused', async (_, document) => {
  const url = 'https://login.example/.well-known/oauth-authorization-server/realm';
  await expect(discoverJwksUri(issuer, serving({ [url]: document }))).rejects.toThrow();
});

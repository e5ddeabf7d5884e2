import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { reportedTown } from './reported-town.ts';
import { wallet } from './wallet.ts';

const story = reportedTown();
const { checksAt } = story;
const authenticated = ['client', 'client_authentication'];

/** Alice signs in at a new browser, and the app has its code. */
async function codeFor(client = story.app) {
  const request = client.request();
  const { code } = await story.town.person('alice').authorize(request);
  return { request, code };
}

test('a redirect URI that is missing is noticed before the verifier is looked at', async () => {
  const redirect_uris = ['https://planner.example/one', 'https://planner.example/two'];
  const client = await story.town.app({ redirect_uris });
  const { code, request } = await codeFor(client);
  await client.exchange(code, request, { redirect_uri: undefined });
  expect(await checksAt('/token')).toEqual([...authenticated, expect.stringMatching(/^redirect_uri: missing/)]);
});

test('an assertion that somebody else has signed is no authentication, and neither is one used again', async () => {
  const [own, strange] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
  const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), alg: 'ES256', use: 'sig' }] };
  const robot = await story.town.app({
    grant_types: ['client_credentials'],
    redirect_uris: [],
    scope: 'read:todos',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
  });
  const sign = ({ privateKey }: typeof own) =>
    new SignJWT({ iss: robot.id, sub: robot.id, aud: story.town.issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
  const ask = (client_assertion: string) =>
    robot.token({
      grant_type: 'client_credentials',
      scope: 'read:todos',
      client_assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  const refused = ['client', expect.stringMatching(/^client_authentication: /)];

  await ask(await sign(strange));
  expect(await checksAt('/token')).toEqual(refused);
  const good = await sign(own);
  await ask(good);
  expect(await checksAt('/token')).toEqual([...authenticated, 'scope']);
  await ask(good);
  expect(await checksAt('/token')).toEqual(refused);
});

test('a signed access token is revoked for its client like any other', async () => {
  const { access_token } = await story.town.person('alice').connect(story.app);
  await story.app.post(story.town.metadata.revocation_endpoint, { token: access_token });
  expect(await checksAt('/revoke')).toEqual(authenticated);
});

test('for somebody who is not let in any more no grant is left, and that is what is found', async () => {
  const { refresh_token } = await story.town.person('alice').connect(story.app);
  const { accounts } = story.town.server;
  const alice = await accounts.findByUsername('alice');
  await accounts.setDisabled(alice?.id ?? '', true);
  await story.app.refresh(refresh_token);
  expect(await checksAt('/token')).toEqual([...authenticated, 'refresh_token: grant not found']);
  await accounts.setDisabled(alice?.id ?? '', false);
});

test('what a client asks for on its own, pushes, revokes and looks up', async () => {
  const service = await story.town.app({ grant_types: ['client_credentials'], redirect_uris: [], scope: 'read:todos' });
  const { access_token } = (await service.token({ grant_type: 'client_credentials', scope: 'read:todos' })).body;
  expect(await checksAt('/token')).toEqual([...authenticated, 'scope']);
  await service.post(story.town.metadata.revocation_endpoint, { token: access_token });
  expect(await checksAt('/revoke')).toEqual(authenticated);
  await service.post(story.town.metadata.introspection_endpoint, { client_id: service.id, client_secret: 'wrong' });
  expect(await checksAt('/introspect')).toEqual(['client', expect.stringMatching(/^client_authentication: /)]);

  const pushed = Object.fromEntries(story.app.request().url.searchParams);
  await story.app.post(story.town.metadata.pushed_authorization_request_endpoint, pushed);
  expect(await checksAt('/par')).toEqual([...authenticated, 'scope', 'redirect_uri', 'pkce']);
  await story.app.post(story.town.metadata.pushed_authorization_request_endpoint, {
    ...pushed,
    redirect_uri: 'https://thief.example/',
  });
  expect(await checksAt('/par')).toEqual([...authenticated, 'scope', expect.stringMatching(/^redirect_uri: /)]);
});

test('what the engine refuses for another reason claims nothing', async () => {
  await story.app.token({ grant_type: 'client_credentials', scope: 'read:todos' });
  expect(await checksAt('/token')).toEqual([]);
  await fetch(`${story.town.issuer}/token`);
  expect(await checksAt('/token')).toEqual([]);
});

test('a proof is told with what it is for', async () => {
  const keys = await wallet();
  const { code, request } = await codeFor();
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: story.app.redirectUri,
    code_verifier: request.verifier,
  };
  const dpop = await keys.proof('POST', story.town.metadata.token_endpoint);
  await story.app.token(form, { dpop: 'no proof' });
  expect(await checksAt('/token')).toEqual([...authenticated, expect.stringMatching(/^proof: /)]);
  await story.app.token(form, { dpop });
  expect((await checksAt('/token')).at(-1)).toBe('proof');
});

test('at /userinfo it is the token that is looked at', async () => {
  const ask = (token: string | undefined) =>
    fetch(story.town.metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } });
  const { access_token } = await story.town.person('alice').connect(story.app, { scope: 'openid profile' });
  await ask(access_token);
  expect(await checksAt('/userinfo')).toEqual(['exp', 'scope', 'aud', 'account']);
  await ask('made-up');
  expect(await checksAt('/userinfo')).toEqual(['token_format: access token not found']);
});

test('probes, files and keys that everybody asks for are not told', async () => {
  for (const path of ['/livez', '/readyz', '/metrics', '/favicon.ico']) await fetch(story.town.issuer + path);
  await codeFor();
  const reports = await story.collector.told(story.town.issuer);
  expect(new URL(reports[0]?.request.url ?? '').pathname).toBe('/authorize');
});

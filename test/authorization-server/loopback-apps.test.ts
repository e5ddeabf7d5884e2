import { expect, test } from 'vitest';
import { appOf, type Registration } from './app.ts';
import { answerOf, isConsent } from './person.ts';
import { startTown, type Town } from './town.ts';

const onLoopback = 'http://127.0.0.1:7777/callback';
const onTheWeb = 'https://planner.example/callback';

async function register(town: Town, registration: Registration) {
  const answer = await fetch(town.metadata.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Planner', token_endpoint_auth_method: 'none', ...registration }),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Registration;
}

test.each<[string, Registration]>([
  ['writes its scheme in capitals', { redirect_uris: ['HTTP://127.0.0.1:7777/callback'] }],
  ['writes its host in capitals', { redirect_uris: ['http://LOCALHOST:7777/callback'] }],
  ['calls itself a web app', { redirect_uris: [onLoopback], application_type: 'web' }],
  ['has a place in the web, too', { redirect_uris: [onLoopback, onTheWeb] }],
])(
  'RFC 8252, section 8.6: an app without a secret that is called back on loopback and %s asks each time',
  async (_, registration) => {
    await using town = await startTown();
    const [app, alice] = [appOf(town.metadata, await register(town, registration)), town.person('alice')];
    await alice.connect(app);
    expect(isConsent(await alice.open(app.request()))).toBe(true);
    expect(answerOf(await alice.open(app.request({ prompt: 'none' })))).toMatchObject({ error: 'consent_required' });
  },
);

test('the same app is not asked about again where it is called back in the web', async () => {
  await using town = await startTown();
  const registration = await register(town, { redirect_uris: [onTheWeb, onLoopback] });
  const [app, alice] = [appOf(town.metadata, registration), town.person('alice')];
  await alice.connect(app);
  expect(answerOf(await alice.open(app.request({ prompt: 'none' })))).toHaveProperty('code');
  expect(isConsent(await alice.open(app.request({ redirect_uri: onLoopback })))).toBe(true);
});

test('an app on loopback that has a secret can prove who it is, and is remembered', async () => {
  await using town = await startTown();
  const [app, alice] = [await town.app({ redirect_uris: [onLoopback] }), town.person('alice')];
  await alice.connect(app);
  expect(answerOf(await alice.open(app.request({ prompt: 'none' })))).toHaveProperty('code');
});

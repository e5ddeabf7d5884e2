import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, App, AuthorizationRequest, Body } from './app.ts';
import { auditTrail } from './audit-trail.ts';
import type { Person } from './person.ts';
import { startTown, type Town } from './town.ts';

/* What ends a family, in whichever order with a refresh: before it, after it, or at the same moment. */

let town: Town;
let planner: App;
let alice: Person;
let accountId: string;

beforeAll(async () => {
  town = await startTown();
  planner = await town.app();
  alice = town.person('alice');
  accountId = String((await town.server.accounts.findByUsername('alice'))?.id);
});
afterAll(() => town[Symbol.asyncDispose]());

/** Two lines of one grant: one with signed access tokens for the API, one with opaque ones for /userinfo. */
interface Family {
  readonly api: Body;
  readonly me: Body;
  readonly code: string | undefined;
  readonly request: AuthorizationRequest;
}

async function startFamily(): Promise<Family> {
  const me = await alice.connect(planner, { scope: 'openid profile' });
  const request = planner.request({ scope: 'openid read:todos' });
  const { code } = await alice.authorize(request);
  const { body } = await planner.exchange(code, request);
  return { api: body, me, code, request };
}

const revoke = (token: unknown) => planner.post(town.metadata.revocation_endpoint, { token: String(token) });

const ends: Readonly<Record<string, (family: Family) => Promise<unknown>>> = {
  'a revocation of the refresh token': ({ api }) => revoke(api.refresh_token),
  'a revocation of the refresh token of the other line': ({ me }) => revoke(me.refresh_token),
  'a revocation of an opaque access token': ({ me }) => revoke(me.access_token),
  'a revocation of a signed access token': ({ api }) => revoke(api.access_token),
  'a withdrawal of consent': async () => {
    const page = await alice.open(`${town.issuer}/account`);
    return alice.browser.submit(page, `/account/apps/${planner.id}/withdraw`);
  },
  'a sign-out': () => alice.signOut(),
  'a sign-out that the app asks for': ({ me }) => alice.signOut(`?id_token_hint=${me.id_token}`),
  'a replay of the code': ({ code, request }) => planner.exchange(code, request),
  'the person being disabled': () => town.server.accounts.setDisabled(accountId, true),
  'the app being removed': () => town.server.clients.remove(planner.id),
};

/** So that what is dead is dead by its end, and not because the person or the app is not there. */
async function afterwards(end: string): Promise<void> {
  if (end === 'the person being disabled') await town.server.accounts.setDisabled(accountId, false);
  if (end !== 'the app being removed') return;
  const registration = { client_name: 'Planner', redirect_uris: [planner.redirectUri], client_secret: planner.secret };
  const scope = 'openid profile email offline_access read:todos write:todos';
  await town.server.clients.add({ ...registration, scope }, planner.id);
}

/** What is still good for something, of all tokens that were ever given. */
async function survivors(bodies: readonly Body[]): Promise<string[]> {
  const refreshTokens = [...new Set(bodies.flatMap(({ refresh_token }) => refresh_token ?? []))];
  const opaque = bodies.flatMap(({ access_token: token }) => (token && !token.includes('.') ? token : []));
  const alive: string[] = [];
  for (const token of [...refreshTokens, ...opaque]) {
    const { body } = await planner.post(town.metadata.introspection_endpoint, { token });
    if (body.active) alive.push(`${token} introspected`);
  }
  for (const token of refreshTokens) {
    if ((await planner.refresh(token)).status !== 400) alive.push(`${token} refreshed`);
  }
  for (const token of opaque) {
    const headers = { authorization: `Bearer ${token}` };
    if ((await fetch(town.metadata.userinfo_endpoint, { headers })).status !== 401) alive.push(`${token} at userinfo`);
  }
  return alive;
}

const refreshBoth = ({ api, me }: Family) => [planner.refresh(api.refresh_token), planner.refresh(me.refresh_token)];
const bodiesOf = (answers: readonly Answer[]) => answers.map(({ body }) => body);

describe.each(Object.keys(ends))('%s', (end) => {
  test('before a refresh: the refresh is refused, and nothing lives', async () => {
    const family = await startFamily();
    await ends[end]?.(family);
    const answers = await Promise.all(refreshBoth(family));
    const error = end === 'the app being removed' ? 'invalid_client' : 'invalid_grant';
    expect(answers.map(({ body }) => body.error)).toEqual([error, error]);
    await afterwards(end);
    expect(await survivors([family.api, family.me])).toEqual([]);
  });

  test('after a refresh: what the refresh gave is dead too', async () => {
    const family = await startFamily();
    const answers = await Promise.all(refreshBoth(family));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await ends[end]?.(family);
    await afterwards(end);
    expect(await survivors([family.api, family.me, ...bodiesOf(answers)])).toEqual([]);
  });

  test('at the same moment as refreshes: whatever they are answered, nothing lives', async () => {
    for (let round = 0; round < 2; round += 1) {
      const family = await startFamily();
      const refreshes = [...refreshBoth(family), ...refreshBoth(family)];
      const [answers] = await Promise.all([Promise.all(refreshes), ends[end]?.(family)]);
      await afterwards(end);
      expect(await survivors([family.api, family.me, ...bodiesOf(answers)]), `round ${round}`).toEqual([]);
    }
  });
});

test('refreshes that ask for different things at once: one line, and nobody is given a second', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { refresh_token: token } = await alice.connect(planner, { scope: 'openid read:todos write:todos' });
    const asked = [{}, { scope: 'read:todos' }, {}, { scope: 'write:todos' }, { scope: 'read:todos' }, {}];
    const answers = await Promise.all(asked.map((params) => planner.refresh(token, params)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given.length).toBeGreaterThan(0);
    expect(new Set(given.map(({ body }) => body.scope)).size).toBe(1);
    expect(new Set(given.map(({ body }) => body.refresh_token)).size).toBe(1);
    for (const { status, body } of answers) if (status !== 200) expect(body.error).toBe('invalid_grant');
    expect((await planner.refresh(given[0]?.body.refresh_token)).status).toBe(200);
  }
});

test('another app presenting the token while its app refreshes gets nothing, and never leaves two lines', async () => {
  const thief = await town.app();
  for (let round = 0; round < 5; round += 1) {
    const { refresh_token: token } = await alice.connect(planner);
    const [own, ...others] = await Promise.all([
      planner.refresh(token),
      thief.refresh(token),
      thief.refresh(token),
      thief.refresh(token),
    ]);
    expect(others.map(({ body }) => body)).toEqual(
      others.map(() => expect.objectContaining({ error: 'invalid_grant' })),
    );
    expect(others.every(({ body }) => body.refresh_token === undefined)).toBe(true);
    expect((await thief.refresh(token)).body.error).toBe('invalid_grant');
    expect((await planner.refresh(own?.body.refresh_token)).status).toBe(400);
  }
});

test('the audit trail tells the app’s own revocation, a sign-out and a replayed code apart', async () => {
  const reasons = async () => new Set((await auditTrail(town, 'grant-revoked')).map(({ detail }) => detail.reason));
  await expect.poll(reasons).toEqual(new Set(['revocation', 'sign-out', 'code-reuse', 'refresh-token-reuse']));
  for (const { account_id, client_id } of await auditTrail(town, 'grant-revoked')) {
    expect(account_id).toBe(accountId);
    expect([planner.id, 'latchkey-account']).toContain(client_id);
  }
});

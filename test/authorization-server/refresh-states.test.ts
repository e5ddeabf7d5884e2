import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, App, Params } from './app.ts';
import { auditTrail } from './audit-trail.ts';
import { type Clock, stopClock } from './clock.ts';
import type { Person } from './person.ts';
import {
  falls,
  type Holder,
  type Outcome,
  type Row,
  type State,
  refreshTable as table,
  type Way,
} from './refresh-table.ts';
import { startTown, type Town } from './town.ts';
import { type Wallet, wallet } from './wallet.ts';

/* The table of docs/refresh-tokens.md, cell by cell: a token in each state is presented in each way. */

let town: Town;
let clock: Clock;
let alice: Person;
let apps: { readonly confidential: App; readonly open: App; readonly other: App };
let keys: { readonly own: Wallet; readonly others: Wallet };

beforeAll(async () => {
  clock = stopClock();
  town = await startTown();
  alice = town.person('alice');
  apps = {
    confidential: await town.app(),
    open: await town.app({ token_endpoint_auth_method: 'none' }),
    other: await town.app(),
  };
  keys = { own: await wallet(), others: await wallet() };
});
afterAll(async () => {
  clock[Symbol.dispose]();
  await town[Symbol.asyncDispose]();
});

/** Presents a token; `how` says what is different from the way in which its owner does. */
interface Presenting {
  readonly app?: App;
  /** `null` for none at all. */
  readonly key?: Wallet | null;
  readonly params?: Params;
  /** A proof that does not hold: one for another address. */
  readonly brokenProof?: boolean;
}

const appOf = (holder: Holder) => (holder === 'a public app with a key' ? apps.open : apps.confidential);

async function present(holder: Holder, token: string, how: Presenting = {}): Promise<Answer> {
  const usual = holder === 'a confidential app' ? undefined : keys.own;
  const key = how.key === undefined ? usual : (how.key ?? undefined);
  const address = how.brokenProof ? town.metadata.userinfo_endpoint : town.metadata.token_endpoint;
  const headers: Record<string, string> = key ? { dpop: await key.proof('POST', address) } : {};
  const params = { grant_type: 'refresh_token', refresh_token: token, ...how.params };
  return (how.app ?? appOf(holder)).token(params, headers);
}

/** Also says which token of the line is unspent, and by which it can be told whether the family lives. */
interface Line {
  readonly token: string;
  readonly tip: string;
}

async function fresh(holder: Holder): Promise<string> {
  const app = appOf(holder);
  const request = app.request({ scope: 'openid read:todos write:todos' });
  const { code } = await alice.authorize(request);
  const dpop = holder === 'a confidential app' ? undefined : await keys.own.proof('POST', town.metadata.token_endpoint);
  const { body } = await app.token(
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: app.redirectUri,
      code_verifier: request.verifier,
    },
    dpop === undefined ? {} : { dpop },
  );
  return String(body.refresh_token);
}

async function next(holder: Holder, token: string): Promise<string> {
  const { status, body } = await present(holder, token);
  expect(status).toBe(200);
  return String(body.refresh_token);
}

const states: Readonly<Record<State, (holder: Holder) => Promise<Line>>> = {
  async unspent(holder: Holder): Promise<Line> {
    const token = await fresh(holder);
    return { token, tip: token };
  },
  async 'spent within the grace'(holder: Holder): Promise<Line> {
    const token = await fresh(holder);
    const tip = await next(holder, token);
    clock.advance(29);
    return { token, tip };
  },
  async 'spent and successor used'(holder: Holder): Promise<Line> {
    const token = await fresh(holder);
    return { token, tip: await next(holder, await next(holder, token)) };
  },
  async 'spent after the grace'(holder: Holder): Promise<Line> {
    const token = await fresh(holder);
    const tip = await next(holder, token);
    clock.advance(30);
    return { token, tip };
  },
  async revoked(holder: Holder): Promise<Line> {
    const token = await fresh(holder);
    const tip = await next(holder, token);
    const app = appOf(holder);
    expect((await app.post(town.metadata.revocation_endpoint, { token: tip })).status).toBe(200);
    return { token, tip };
  },
};

const presentings: Readonly<Record<Way, () => Presenting>> = {
  'its app': () => ({}),
  'its app, asking for less': () => ({ params: { scope: 'read:todos' } }),
  'its app, naming the resource': () => ({ params: { resource: town.settings.todosApi } }),
  'its app, asking for too much': () => ({ params: { scope: 'read:todos admin' } }),
  'another app': () => ({ app: apps.other, key: null }),
  'whoever does not know the secret': () => ({ params: { client_id: apps.confidential.id, client_secret: 'wrong' } }),
  'its app with another key': () => ({ key: keys.others }),
  'its app without its key': () => ({ key: null }),
  'its app with a proof that fails': () => ({ brokenProof: true }),
  'a proof that fails, of another key': () => ({ brokenProof: true, key: keys.others }),
};

const fortnight = 14 * 24 * 60 * 60;

test('expired, presented by its app or another app: invalid_grant, and the family lives', async () => {
  const bob = town.person('bob');
  const lasting = { scope: 'openid offline_access read:todos', prompt: 'consent' };
  const { refresh_token: idle } = await bob.connect(apps.confidential, lasting);
  const { refresh_token: inUse } = await bob.connect(apps.confidential, lasting);
  clock.advance(fortnight - 3600);
  const tip = await next('a confidential app', String(inUse));
  clock.advance(3600 + 1);
  for (const how of [{}, { app: apps.other, key: null }]) {
    expect((await present('a confidential app', String(idle), how)).body.error).toBe('invalid_grant');
  }
  expect((await present('a confidential app', tip)).status).toBe(200);
});

test('spent, and its own end has just come: still reuse, and the family falls', async () => {
  const bob = town.person('bob');
  const lasting = { scope: 'openid offline_access read:todos', prompt: 'consent' };
  const { refresh_token: token } = await bob.connect(apps.other, lasting);
  clock.advance(fortnight - 3600);
  const { body } = await apps.other.refresh(token);
  clock.advance(3600 + 1);
  expect((await apps.other.refresh(token)).body.error).toBe('invalid_grant');
  expect((await apps.other.refresh(body.refresh_token)).body.error).toBe('invalid_grant');
});

const reuses = async () =>
  (await auditTrail(town, 'grant-revoked')).filter(({ detail }) => detail.reason === 'refresh-token-reuse');

describe.each(Object.keys(table) as Holder[])('the refresh token of %s', (holder) => {
  const rows = Object.entries(table[holder]) as [Way, Row][];
  const cells = rows.flatMap(([presenting, row]) =>
    (Object.entries(row) as [State, Outcome][]).map(([state, outcome]) => [state, presenting, outcome] as const),
  );

  test.each(cells)('%s, presented by %s: %s', async (state, presenting, outcome) => {
    const { token, tip } = await states[state](holder);
    const { status, body } = await present(holder, token, presentings[presenting]());
    if (outcome === 'the successor') {
      expect(status).toBe(200);
      if (tip !== token) expect(body.refresh_token).toBe(tip);
    } else {
      expect(status).toBe(outcome === 'invalid_client' ? 401 : 400);
      expect(body.error).toBe(outcome === falls ? 'invalid_grant' : outcome);
      expect(body).not.toHaveProperty('refresh_token');
    }

    if (state === 'revoked') return;
    const newest = outcome === 'the successor' ? String(body.refresh_token) : tip;
    const afterwards = await present(holder, newest);
    expect(afterwards.status, 'the newest token of the family').toBe(outcome === falls ? 400 : 200);
  });
});

test('each family that fell is in the audit trail once, with its app and its person', async () => {
  const expected = Object.values(table).flatMap((rows) => Object.values(rows).flatMap((row) => Object.values(row)));
  const fallen = expected.filter((outcome) => outcome === falls).length;
  const account = await town.server.accounts.findByUsername('alice');
  const hers = async () => (await reuses()).filter(({ account_id }) => account_id === account?.id);
  await expect.poll(async () => (await hers()).length).toBe(fallen);
  for (const { client_id } of await hers()) expect([apps.confidential.id, apps.open.id]).toContain(client_id);
});

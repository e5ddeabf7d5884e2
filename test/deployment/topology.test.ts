import { afterAll, beforeAll, expect, test } from 'vitest';
import { appOf, type Metadata, type Registration } from '../authorization-server/app.ts';
import { createPerson, isConsent, isSignIn, type Person } from '../authorization-server/person.ts';
import type { Browser, Page } from '../browser.ts';
import { type DeployedTown, startDeployedTown } from './deployed-town.ts';

/*
 * The topology of docker-compose.yml as plain processes: PostgreSQL, two authorization servers, the todos API and the
 * demo client in production, each behind TLS. Requests to the authorization server go to its replicas in turn.
 */

let town: DeployedTown;
beforeAll(async () => {
  town = await startDeployedTown();
  await town.registerApps();
}, 60_000);
afterAll(() => town[Symbol.asyncDispose]());

const everywhere = { stopAt: () => false };
const alicePassword = 'a way to Tipperary';
const csrf = { 'X-CSRF': '1' };

/** Adds somebody with the command line. @returns the person at a new browser */
async function addPerson(username: string, password: string): Promise<Person> {
  const words = ['--username', username, '--email', `${username}@example.com`, '--name', username];
  const scope = ['--scope', 'read:todos write:todos', '--password-stdin'];
  await town.latchkey(['user', 'add', ...words, ...scope], `${password}\n`);
  return createPerson(town.login.url, username);
}

/** From the demo client's button by way of sign-in and, at the first time, consent to the list. */
async function signIn(person: Person, password: string): Promise<Page> {
  const page = await person.signIn(await person.open(`${town.todos.url}/auth/sign-in`), { password });
  const back = isConsent(page) ? await person.allow(page) : page;
  return person.browser.go(back.url, { ...everywhere, crossSite: true });
}

async function session(browser: Browser): Promise<unknown> {
  return (await browser.request(`${town.todos.url}/auth/session`)).json();
}

async function refresh(browser: Browser): Promise<number> {
  const init = { method: 'POST', headers: csrf };
  return (await browser.request(`${town.todos.url}/auth/refresh`, init)).status;
}

async function addTodo(browser: Browser, title: string): Promise<number> {
  const headers = { ...csrf, 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify({ title }) };
  return (await browser.request(`${town.todos.url}/api/todos`, init)).status;
}

async function titles(browser: Browser): Promise<unknown[]> {
  const todos = (await (await browser.request(`${town.todos.url}/api/todos`)).json()) as { title: string }[];
  return todos.map(({ title }) => title);
}

const fetchMetadata = async (): Promise<Metadata> =>
  (await fetch(`${town.login.url}/.well-known/openid-configuration`)).json() as Promise<Metadata>;

test('two replicas that start at once on an empty database apply each migration once and share their keys', async () => {
  for (const schema of ['authorization_server', 'todos_api', 'demo_client']) {
    const rows = await town.sql(`SELECT name, count(*) AS times FROM ${schema}.migrations GROUP BY name`);
    expect(rows.length, schema).toBeGreaterThan(0);
    for (const { times } of rows) expect(Number(times)).toBe(1);
  }
  const keys = await Promise.all([1, 2].map(async () => (await fetch(`${town.login.url}/jwks`)).json()));
  expect(keys[0]).toEqual(keys[1]);
  expect(town.login.answered.size).toBe(2);
});

test('each app may see its own tables only', async () => {
  const rows = await town.sql(`
    SELECT rolname AS role, nspname AS schema
    FROM pg_roles CROSS JOIN pg_namespace
    WHERE rolname IN ('authorization_server', 'todos_api', 'demo_client')
      AND nspname IN ('authorization_server', 'todos_api', 'demo_client', 'public')
      AND has_schema_privilege(rolname, nspname, 'USAGE')
    ORDER BY rolname`);
  expect(rows.map(({ role, schema }) => [role, schema])).toEqual([
    ['authorization_server', 'authorization_server'],
    ['demo_client', 'demo_client'],
    ['todos_api', 'todos_api'],
  ]);
});

test('registering the apps again at the next start changes nothing', async () => {
  const clients = () => town.sql('SELECT * FROM authorization_server.clients ORDER BY created_at');
  const before = await clients();
  expect(before).toMatchObject([
    { id: 'latchkey-todos', registered_by: 'operator' },
    { id: 'docs', registered_by: 'operator' },
  ]);
  await town.registerApps();
  expect(await clients()).toEqual(before);
});

test('Alice signs in and works while her requests go to one replica, then to the other', async () => {
  const alice = await addPerson('alice', alicePassword);
  const { browser } = alice;
  const list = await signIn(alice, alicePassword);
  expect(list.url.href).toBe(`${town.todos.url}/`);
  expect(list.headers.get('Strict-Transport-Security')).toContain('max-age');
  for (const { attributes } of browser.cookies().values()) expect(attributes.toLowerCase()).toContain('secure');

  expect(await addTodo(browser, 'Water the plants')).toBe(201);
  for (const _ of town.replicas()) expect(await refresh(browser)).toBe(200);
  expect(await titles(browser)).toEqual(['Water the plants']);
  for (const port of town.replicas()) expect(town.login.answered.get(port)).toBeGreaterThan(3);
});

test('a replica that dies in the middle of a refresh takes nobody with it', async () => {
  const alice = createPerson(town.login.url, 'alice');
  const { browser } = alice;
  await signIn(alice, alicePassword);

  // It has spent the refresh token, and can no longer say so: the hardest moment there is.
  let dead = 0;
  town.login.loseAnswer('/token', async (replica) => {
    dead = replica;
    await town.crash(replica);
  });
  expect(await refresh(browser)).toBe(503);
  expect(dead).not.toBe(0);
  expect(await session(browser)).toMatchObject({ signed_in: true });

  const answeredBefore = town.login.answered.get(dead);
  for (const _ of town.replicas()) expect(await refresh(browser)).toBe(200);
  expect(await addTodo(browser, 'Write to Bob')).toBe(201);
  expect(await titles(browser)).toEqual(['Write to Bob', 'Water the plants']);
  expect(town.login.answered.get(dead)).toBe(answeredBefore);
  await town.replace(dead);
});

test('who signs out is out everywhere: at both replicas and, told by back channel, at the app', async () => {
  const [laptop, phone] = [createPerson(town.login.url, 'alice'), createPerson(town.login.url, 'alice')];
  const list = await signIn(laptop, alicePassword);
  await signIn(phone, alicePassword);

  expect((await phone.signOut()).text).toContain('You are signed out');
  expect(await session(phone.browser)).toEqual({ signed_in: false });
  expect(await session(laptop.browser)).toMatchObject({ signed_in: true });

  const cookies = [...laptop.browser.cookies()];
  const confirm = await laptop.browser.submit(list, '/auth/sign-out');
  const action = /<form method="post" action="([^"]*)"/.exec(confirm.text)?.[1] ?? '';
  const back = await laptop.browser.submit(confirm, action, { logout: 'yes' });
  const last = await laptop.browser.go(back.url, everywhere);
  expect(last.url.origin).toBe(town.todos.url);
  expect(last.text).toContain('You are signed out');

  // Nor does it help to have kept the cookies.
  for (const [name, { value, path }] of cookies) laptop.browser.setCookie(name, value, path);
  expect(await session(laptop.browser)).toEqual({ signed_in: false });
  for (const _ of town.replicas()) {
    expect(isSignIn(await laptop.open(`${town.todos.url}/auth/sign-in`))).toBe(true);
  }
});

test('who is disabled, and an app that is removed, are out at both replicas at once', async () => {
  const redirect = ['--redirect-uri', 'https://planner.example/callback'];
  const [carol, added] = await Promise.all([
    addPerson('carol', 'carol-password'),
    town.latchkey<Registration>(['client', 'add', '--name', 'Planner', ...redirect]),
  ]);
  const planner = appOf(await fetchMetadata(), added);
  const tokens = await carol.connect(planner, { scope: 'openid offline_access read:todos', prompt: 'consent' });

  await town.latchkey(['user', 'disable', 'carol']);
  for (const _ of town.replicas()) {
    expect((await planner.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect(isSignIn(await carol.open(planner.request()))).toBe(true);
  }
  await town.latchkey(['client', 'remove', planner.id]);
  for (const _ of town.replicas()) {
    expect((await planner.refresh(tokens.refresh_token)).body.error).toBe('invalid_client');
    expect((await carol.open(planner.request())).text).toContain('invalid_client');
  }
});

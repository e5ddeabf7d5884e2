import { expect, test, vi } from 'vitest';
import { foreignPasswordHash } from '../testing/foreign-password-hash.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { AccountProblems, createAccounts, type NewAccount } from './accounts.ts';
import { hashPassword } from './passwords.ts';

const alice: NewAccount = {
  username: 'alice',
  name: 'Alice Archer',
  email: 'alice@example.com',
  password: 'correct horse',
  grantableScopes: ['read:todos', 'write:todos'],
};

async function startAccounts() {
  const tables = await startTables();
  return Object.assign(tables, { accounts: createAccounts(tables.database) });
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AccountProblems)) throw new Error(`not refused: ${thrown}`);
  return thrown.problems;
}

test('a person is found by id and by name, and signs in with the password', async () => {
  await using room = await startAccounts();
  const { accounts } = room;
  const added = await accounts.add(alice);
  expect(added).toMatchObject({ username: 'alice', name: 'Alice Archer', email: 'alice@example.com', disabled: false });
  expect([...added.grantableScopes]).toEqual(['read:todos', 'write:todos']);
  expect(await accounts.find(added.id)).toEqual(added);
  expect(await accounts.findByUsername('alice')).toEqual(added);
  expect(await accounts.authenticate('alice', 'correct horse')).toEqual(added);
});

test.each(['', '\0', 'alice\0', 'alice!'])('nobody is called %j', async (typed) => {
  await using room = await startAccounts();
  await room.accounts.add(alice);
  expect(await room.accounts.findByUsername(typed)).toBeUndefined();
  expect(await room.accounts.authenticate(typed, alice.password)).toBeUndefined();
});

test('case, spaces around it and look-alike forms make no other username', async () => {
  await using room = await startAccounts();
  const { accounts } = room;
  const { id } = await accounts.add(alice);
  for (const typed of ['Alice', ' ALICE ', '\uFF41lice']) {
    expect((await accounts.authenticate(typed, 'correct horse'))?.id, typed).toBe(id);
    expect(await problemsOf(accounts.add({ ...alice, username: typed }))).toEqual([`username: ${typed} is taken`]);
  }
});

test('nobody gets in with a wrong password, an unknown name, or as a disabled person', async () => {
  await using room = await startAccounts();
  const { accounts } = room;
  const { id } = await accounts.add(alice);
  expect(await accounts.authenticate('alice', 'wrong horse')).toBeUndefined();
  expect(await accounts.authenticate('mallory', 'correct horse')).toBeUndefined();
  await accounts.setDisabled(id, true);
  expect(await accounts.authenticate('alice', 'correct horse')).toBeUndefined();
  expect((await accounts.find(id))?.disabled).toBe(true);
  await accounts.setDisabled(id, false);
  expect((await accounts.authenticate('alice', 'correct horse'))?.id).toBe(id);
});

test('everything that is wrong with a new person is said at once', async () => {
  await using room = await startAccounts();
  const bad = { username: '-', name: ' ', email: 'nowhere', password: 'short', grantableScopes: [] };
  expect(await problemsOf(room.accounts.add(bad))).toEqual([
    'username: 1 to 64 letters, digits, dots, hyphens or underscores, beginning and ending with a letter or digit',
    'name: 1 to 200 characters',
    'email: an address such as alice@example.com',
    'password: 8 to 1024 characters',
  ]);
  expect(await room.accounts.list()).toEqual([]);
});

test.each([
  ['username', ['', 'a b', '.alice', 'alice.', 'a'.repeat(65), 'al\u0131ce', 'alice@example.com']],
  ['name', ['', 'x'.repeat(201)]],
  ['email', ['', 'a@', '@b', 'a@b@c', 'a b@c', `${'x'.repeat(250)}@b.example`]],
  ['password', ['', '1234567', 'x'.repeat(1025)]],
])('%s is refused when it is out of bounds', async (member, values) => {
  await using room = await startAccounts();
  for (const value of values) {
    const problems = await problemsOf(room.accounts.add({ ...alice, [member]: value }));
    expect(problems, JSON.stringify(value)).toEqual([expect.stringContaining(`${member}: `)]);
  }
});

test.each([
  ['username', ['a', '7', 'a.b-c_d', 'a'.repeat(64)]],
  ['name', ['A', 'x'.repeat(200), 'Łucja Ångström']],
  ['email', ['a@b', 'alice+tag@sub.example.com']],
  ['password', ['12345678', 'x'.repeat(1024), 'пароль-пароль']],
])('%s may go to its bounds', async (member, values) => {
  await using room = await startAccounts();
  for (const [index, value] of values.entries()) {
    await room.accounts.add({ ...alice, username: `person${index}`, [member]: value });
  }
  expect(await room.accounts.list()).toHaveLength(values.length);
});

test('what a person may grant is replaced as a whole', async () => {
  await using room = await startAccounts();
  const { id } = await room.accounts.add(alice);
  await room.accounts.setGrantableScopes(id, ['admin']);
  expect([...((await room.accounts.find(id))?.grantableScopes ?? [])]).toEqual(['admin']);
  await room.accounts.setGrantableScopes(id, []);
  expect((await room.accounts.find(id))?.grantableScopes.size).toBe(0);
});

test('people are listed by username', async () => {
  await using room = await startAccounts();
  for (const username of ['carol', 'alice', 'bob']) await room.accounts.add({ ...alice, username });
  expect((await room.accounts.list()).map(({ username }) => username)).toEqual(['alice', 'bob', 'carol']);
});

test('an old hash is made anew at the next sign-in, and not at a failed one', async () => {
  await using room = await startAccounts();
  const { id } = await room.accounts.add(alice);
  const stored = async () => {
    const row = await room.query.selectFrom('accounts').select('password_hash').where('id', '=', id).executeTakeFirst();
    return row?.password_hash;
  };
  const today = await hashPassword('correct horse');
  const old = foreignPasswordHash('correct horse', { memory: 64, passes: 1, parallelism: 1 });
  await room.query.updateTable('accounts').set({ password_hash: old }).where('id', '=', id).execute();

  expect(await room.accounts.authenticate('alice', 'wrong horse')).toBeUndefined();
  expect(await stored()).toBe(old);
  expect((await room.accounts.authenticate('alice', 'correct horse'))?.id).toBe(id);
  expect((await stored())?.slice(0, 30)).toBe(today.slice(0, 30));
  expect((await room.accounts.authenticate('alice', 'correct horse'))?.id).toBe(id);
});

test('a name that nobody has costs the work of a password check', async () => {
  await using room = await startAccounts();
  await room.accounts.add(alice);
  const timed = async (username: string) => {
    const started = performance.now();
    await room.accounts.authenticate(username, 'wrong horse');
    return performance.now() - started;
  };
  await timed('nobody');
  const unknown = Math.min(await timed('nobody'), await timed('nobody'), await timed('nobody'));
  const known = Math.min(await timed('alice'), await timed('alice'), await timed('alice'));
  expect(unknown).toBeGreaterThan(known / 3);
});

test('two registrations of one name at once leave one person', async () => {
  await using room = await startAccounts();
  const other = createAccounts(await room.again());
  const outcomes = await Promise.allSettled([room.accounts.add(alice), other.add(alice)]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await room.accounts.list()).toHaveLength(1);
  const [lost] = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(lost?.reason).toBeInstanceOf(AccountProblems);
});

test('times come from the clock that tests can move', async () => {
  await using room = await startAccounts();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  try {
    const { id } = await room.accounts.add(alice);
    vi.setSystemTime(2_000_000);
    await room.accounts.setDisabled(id, true);
    const row = await room.query.selectFrom('accounts').selectAll().executeTakeFirst();
    expect(row).toMatchObject({ created_at: 1_000_000, updated_at: 2_000_000, disabled_at: 2_000_000 });
  } finally {
    vi.useRealTimers();
  }
});

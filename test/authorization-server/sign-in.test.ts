import { expect, test } from 'vitest';
import type { Page } from '../browser.ts';
import { stopClock } from './clock.ts';
import { answerOf, headingOf, isConsent, isSignIn, type Person } from './person.ts';
import { startTown } from './town.ts';

const wrong = 'Incorrect username or password.';

test('S9: a wrong password and an unknown person look the same, to the last byte', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.open(planner.request());
  const answers = [];
  for (const username of ['alice', 'nobody']) {
    const { status, headers, text } = await alice.signIn(page, { username, password: 'not-the-password' });
    answers.push({ status, text: text.replaceAll(username, 'NAME'), headers: [...headers.keys()].sort() });
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.status).toBe(401);
  expect(answers[0]?.text).toContain(wrong);
  expect(answers[0]?.text).toContain('id="password"');
  expect(answers[0]?.text).not.toContain('not-the-password');
});

test('S9: an unknown person takes as long as a wrong password', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.open(planner.request());
  const fastest = async (usernames: string[]) => {
    const times = [];
    for (const username of usernames) {
      const started = performance.now();
      await alice.signIn(page, { username, password: 'not-the-password' });
      times.push(performance.now() - started);
    }
    return Math.min(...times);
  };
  await fastest(['warm-up']);
  const known = await fastest(['alice', 'bob', 'admin', 'alice', 'bob', 'admin']);
  const unknown = await fastest(['dave', 'erin', 'fred', 'dave', 'erin', 'fred']);
  expect(unknown).toBeGreaterThan(known / 2);
  expect(unknown).toBeLessThan(known * 2);
});

test('empty fields are asked for again, and count as nothing', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  let page = await alice.open(planner.request());
  const attempts: [string, string][][] = [
    [],
    [['username', 'alice']],
    [['password', 'alice-password']],
    [
      ['username', '   '],
      ['password', 'alice-password'],
    ],
    [
      ['username', 'alice'],
      ['password', 'alice-password'],
      ['password', 'alice-password'],
    ],
    [
      ['username', 'alice'],
      ['password', ''],
    ],
  ];
  for (const fields of attempts) {
    page = await alice.press(page, 'login', fields);
    expect(page.status).toBe(400);
    expect(page.text).toContain('Enter your username and your password.');
  }
  expect(page.text).toContain('value="alice"');
  expect(isConsent(await alice.signIn(page))).toBe(true);
});

test('the name is the same in capitals and with spaces around it; the password is not', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.open(planner.request());
  for (const password of ['Alice-Password', 'alice-password ']) {
    expect((await alice.signIn(page, { username: 'alice', password })).status).toBe(401);
  }
  expect(isConsent(await alice.signIn(page, { username: ' ALICE ', password: 'alice-password' }))).toBe(true);
});

test('the sixth wrong password has to wait; Bob does not, and Alice no longer once the time is over', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice, bob] = [await town.app(), town.person('alice'), town.person('bob')];
  let page = await alice.open(planner.request());
  for (let turn = 1; turn <= 5; turn++) {
    page = await alice.signIn(page, { password: `wrong ${turn}` });
    expect(page.status).toBe(401);
  }
  page = await alice.signIn(page, { password: 'wrong 6' });
  expect(page.status).toBe(429);
  const wait = Number(page.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect(page.text).toContain('too many tries');

  page = await alice.signIn(page);
  expect(page.status).toBe(429);
  expect(isConsent(await bob.signIn(await bob.open(planner.request())))).toBe(true);
  clock.advance(wait + 1);
  expect(isConsent(await alice.signIn(page))).toBe(true);
});

test('a burst of guesses does not slip past the count', async () => {
  await using town = await startTown();
  const [planner, mallory] = [await town.app(), town.person('alice')];
  const page = await mallory.open(planner.request());
  const guesses = Array.from({ length: 20 }, (_, turn) => mallory.signIn(page, { password: `guess ${turn}` }));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(15);
});

test('who succeeds is never held up: thirty sign-ins in a row', async () => {
  await using town = await startTown();
  const planner = await town.app();
  await town.person('alice').connect(planner);
  for (let turn = 0; turn < 30; turn++) {
    const alice = town.person('alice');
    expect(answerOf(await alice.signIn(await alice.open(planner.request())))).toHaveProperty('code');
  }
});

test('a browser remembers the name, and login_hint fills it in', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  expect((await alice.open(planner.request({ login_hint: 'bob"><script>' }))).text).toContain(
    'value="bob&#34;&gt;&lt;script&gt;"',
  );
  await alice.connect(planner);
  await alice.signOut();
  const page = await alice.open(planner.request());
  expect(isSignIn(page)).toBe(true);
  expect(page.text).toContain('value="alice"');
});

async function livingSession(alice: Person, open: () => Promise<Page>, change: () => Promise<unknown>) {
  await change();
  const page = await open();
  expect(page.status).toBe(200);
  expect(headingOf(page)).toBe('Sign in');
  const refused = await alice.signIn(page);
  expect(refused.status).toBe(401);
  expect(refused.text).toContain(wrong);
}

test('S24: a disabled person with a living session meets the sign-in page, which does not let them in', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  const account = await town.server.accounts.findByUsername('alice');
  await livingSession(
    alice,
    () => alice.open(planner.request()),
    () => town.server.accounts.setDisabled(String(account?.id), true),
  );
  expect(await alice.authorize(planner.request({ prompt: 'none' }))).toMatchObject({ error: 'login_required' });
});

test('S24: so does a deleted person, and somebody else may sign in at that browser', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  using database = town.database();
  await livingSession(
    alice,
    () => alice.open(planner.request()),
    async () => database.exec("DELETE FROM accounts WHERE username = 'alice'"),
  );
});

test('somebody who is disabled on the consent page is asked to sign in, and nothing is granted', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.signIn(await alice.open(planner.request()));
  const account = await town.server.accounts.findByUsername('alice');
  await town.server.accounts.setDisabled(String(account?.id), true);
  expect(headingOf(await alice.allow(page))).toBe('Sign in');
});

test('a burst of guesses at many names from one address is over at the limit, however parallel it is', async () => {
  await using town = await startTown();
  const [planner, mallory] = [await town.app(), town.person('mallory')];
  const page = await mallory.open(planner.request());
  const guesses = Array.from({ length: 130 }, (_, index) =>
    mallory.browser.request(`${page.url}/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: `person${index}`, password: 'a guess' }),
    }),
  );
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  const checked = statuses.filter((status) => status === 401).length;
  // The limit is 100; two passwords are looked at at a time.
  expect(checked).toBeGreaterThanOrEqual(100);
  expect(checked).toBeLessThanOrEqual(101);
  expect(statuses.filter((status) => status === 429)).toHaveLength(statuses.length - checked);
});

import { join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { expect } from 'playwright/test';
import { docsPage, policyViolations } from './docs-page.ts';
import { test as base } from './people.ts';

const test = base.extend<{ readonly docs: ReturnType<typeof docsPage> }>({
  docs: async ({ alice, town }, use) => {
    const violations = policyViolations(alice.page);
    await use(docsPage(alice.page, alice.hands, town.todosApi));
    expect(violations).toEqual([]);
  },
});

/** For the documentation: docs/docs-page.md says how they get there. */
const picture = (name: string) => ({ path: join(resolveFromRoot('test-results/docs-page'), `${name}.png`) });

test.describe('with script', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'the page says that it needs script');

  test('S27: who has not signed in learns what each operation needs', async ({ alice, docs }) => {
    await docs.open();
    await expect(docs.operation('POST', '/api/todos')).toContainText('needs write:todos');
    await alice.page.screenshot(picture('docs-before'));
    expect(await docs.calls('GET', '/api/status')).toMatchObject({ status: 200 });
    for (const path of ['/api/me', '/api/todos'])
      expect(await docs.calls('GET', path)).toEqual({
        status: 401,
        body: expect.stringContaining('Not authenticated'),
      });
  });

  test('S27: Alice picks no scope: the API knows her, and the todos say what is missing', async ({ alice, docs }) => {
    await docs.open();
    await docs.signsIn(alice);
    await expect(docs.state).toHaveText('Signed in, without any scope');
    expect(await docs.calls('GET', '/api/status')).toMatchObject({ status: 200 });
    expect(await docs.calls('GET', '/api/me')).toMatchObject({ status: 200 });
    expect(await docs.calls('GET', '/api/todos')).toEqual({
      status: 403,
      body: expect.stringContaining('Missing required scope: read:todos'),
    });
  });

  test('S27: Alice picks reading: the list works, adding is refused', async ({ alice, docs }) => {
    await docs.open();
    await docs.picks('read:todos');
    const there = alice.at(await docs.leaves());
    await there.signsIn();
    await expect(there.pages.allow).toBeVisible();
    await alice.page.screenshot(picture('docs-authorizing'));
    await there.allows();
    await docs.closesDialog();
    await expect(docs.state).toHaveText('Signed in, with read:todos');

    expect(await docs.calls('GET', '/api/todos')).toMatchObject({ status: 200 });
    expect(await docs.calls('POST', '/api/todos')).toEqual({
      status: 403,
      body: expect.stringContaining('Missing required scope: write:todos'),
    });
    await docs.shows('POST', '/api/todos');
    await alice.page.screenshot(picture('docs-refused'));
  });

  test('S27: Alice picks reading and writing: adding works, and the list has it', async ({ alice, docs }) => {
    await docs.open();
    await docs.signsIn(alice, 'read:todos', 'write:todos');
    const added = await docs.calls('POST', '/api/todos');
    expect(added.status).toBe(201);
    await docs.shows('POST', '/api/todos');
    await alice.page.screenshot(picture('docs-allowed'));
    const { id } = JSON.parse(added.body) as { id: string };
    expect(await docs.calls('GET', '/api/todos')).toEqual({ status: 200, body: expect.stringContaining(id) });
  });

  test('S28: Alice allows half of what was picked, and the page says what is missing', async ({ alice, docs }) => {
    await docs.open();
    await docs.picks('read:todos', 'write:todos');
    const there = alice.at(await docs.leaves());
    await there.signsIn();
    await there.unticks('write:todos');
    await there.allows();
    await expect(docs.dialog.getByText('Not granted: write:todos')).toBeVisible();
    await docs.closesDialog();
    expect(await docs.calls('POST', '/api/todos')).toMatchObject({ status: 403 });
  });
});

/** With one pair of hands: what they do is what the stories above do with both. */
test.describe('with a mouse', () => {
  test.skip(({ hands, javaScriptEnabled }) => hands === 'keyboard' || javaScriptEnabled === false, 'told with a mouse');

  test('Alice says no, is told so on the page, and can change her mind', async ({ alice, docs }) => {
    await docs.open();
    await docs.picks('read:todos');
    const there = alice.at(await docs.leaves());
    await there.signsIn();
    await there.denies();
    await expect(docs.problem).toContainText('Nothing was allowed, so there is no token.');
    await expect(docs.problem).toContainText('access_denied');
    await expect(docs.scope('read:todos')).toBeChecked();
    await alice.at(await docs.leaves()).allows();
    await docs.closesDialog();
    expect(await docs.calls('GET', '/api/todos')).toMatchObject({ status: 200 });
  });

  test('Alice lets the page forget its token', async ({ alice, docs }) => {
    await docs.open();
    await docs.signsIn(alice, 'read:todos');
    expect(await docs.calls('GET', '/api/me')).toMatchObject({ status: 200 });
    await docs.forgets();
    expect(await docs.calls('GET', '/api/me')).toMatchObject({ status: 401 });
  });

  test('an operation asks for the scope that it needs', async ({ alice, docs }) => {
    await docs.open();
    await alice.hands.press(docs.operation('POST', '/api/todos').locator('.authorization__btn'));
    await expect(docs.scope('write:todos')).toBeChecked();
    await expect(docs.scope('read:todos')).not.toBeChecked();
    await alice.page.keyboard.press('Escape');
    await expect(docs.dialog).toBeHidden();
    await expect(docs.operation('POST', '/api/todos').locator('.authorization__btn')).toBeFocused();
  });

  test('Alice has a token, and asks for one that can do more', async ({ alice, docs }) => {
    await docs.open();
    await docs.signsIn(alice, 'read:todos');
    await docs.access('GET', '/api/me', 'granted');
    await docs.access('GET', '/api/todos', 'granted');
    await docs.access('POST', '/api/todos', 'not granted yet');
    await alice.hands.press(docs.operation('POST', '/api/todos').locator('.authorization__btn'));
    await expect(docs.dialog.getByText('This operation also needs write:todos')).toBeVisible();
    for (const scope of ['read:todos', 'write:todos']) await expect(docs.scope(scope)).toBeChecked();
    await expect(docs.scope('admin')).not.toBeChecked();
    await alice.at(await docs.leaves()).allows();
    await expect(docs.dialog.getByRole('button', { name: 'Close', exact: true })).toBeFocused();
    await docs.closesDialog();
    await expect(docs.state).toHaveText('Signed in, with read:todos, write:todos');
    await docs.access('POST', '/api/todos', 'granted');
    expect(await docs.calls('POST', '/api/todos')).toMatchObject({ status: 201 });
  });

  test('with its token’s time, the sign-in ends on the page, too', async ({ alice, docs }) => {
    await alice.page.clock.install();
    await docs.open();
    await docs.signsIn(alice, 'read:todos');
    await alice.page.clock.fastForward('04:30');
    await expect(docs.state).toHaveText('Signed in, with read:todos');
    await alice.page.clock.fastForward('00:31');
    await expect(docs.state).toHaveText('Your sign-in has ended');
    await docs.access('GET', '/api/todos', 'not granted yet');
    await expect(docs.authorize).toHaveClass(/unlocked/);
    await docs.opensDialog();
    await expect(docs.dialog.getByText('Your sign-in has ended')).toBeVisible();
    await expect(docs.scope('read:todos')).toBeChecked();
  });

  test('once the API says that the token has expired, the page says so, too', async ({ alice, docs, town }) => {
    await docs.open();
    await docs.signsIn(alice, 'read:todos');
    town.clock.advance({ minutes: 6 });
    const answer = { status: 401, body: expect.stringContaining('Token expired') };
    expect(await docs.calls('GET', '/api/todos')).toEqual(answer);
    await expect(docs.state).toHaveText('Your sign-in has ended');
    await docs.opensDialog();
    await alice.at(await docs.leaves()).allows();
    await docs.closesDialog();
    expect(await docs.calls('GET', '/api/todos')).toMatchObject({ status: 200 });
    await docs.forgets();
  });

  test('somebody else’s code is not taken, and an answer of another issuer neither', async ({ alice, docs, town }) => {
    await docs.open();
    await docs.picks('read:todos');
    const asked = alice.page.context().waitForEvent('request', (each) => each.url().includes('/authorize?'));
    await docs.leaves();
    const state = new URL((await asked).url()).searchParams.get('state') ?? '';
    expect(state).toMatch(/^[\w-]{43}$/);

    const redirect = `${docs.url}/oauth2-redirect`;
    const stranger = await alice.page.context().newPage();
    await stranger.clock.install();
    await stranger.goto(`${redirect}?code=theirs&state=theirs&iss=${encodeURIComponent(town.authorizationServer)}`);
    await expect(stranger).toHaveURL(redirect);
    await stranger.clock.fastForward(5_000);
    await expect(stranger.getByRole('heading', { name: 'Nobody is waiting for this sign-in' })).toBeVisible();
    await expect(docs.dialog.getByText('This page waits for it')).toBeVisible();

    await stranger.goto(`${redirect}?code=theirs&state=${state}&iss=https://evil.example`);
    await expect(docs.problem).toContainText(`did not come from ${town.authorizationServer}`);
    await expect(docs.state).toHaveText('Not signed in');
  });
});

test('without script, the page says so, and leads to the document', async ({ alice, docs, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, 'script is on');
  await alice.page.goto(docs.url);
  const notice = alice.page.locator('noscript .notice');
  await expect(notice).toContainText('This page needs JavaScript');
  await alice.hands.press(notice.locator('a'));
  await expect(alice.page).toHaveURL(/\/openapi\.json$/);
});

import { openDatabase } from '@latchkey/database';
import { temporaryDatabase, testEngine } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTodos, type TodosTables } from '../../apps/todos-api/src/todos/todos.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
let alice: string;
let bob: string;
let admin: string;
beforeAll(async () => {
  town = await startTodosApiTown();
  const auth_time = Math.floor(Date.now() / 1000);
  [alice = '', bob = '', admin = ''] = await Promise.all(
    ['alice', 'bob', 'admin'].map((sub) => town.token('read:todos write:todos admin', { sub, auth_time })),
  );
});
afterAll(() => town[Symbol.asyncDispose]());

async function add(token = alice) {
  const response = await town.call('/api/todos', { method: 'POST', token, json: { title: 'Water the plants' } });
  expect(response.status).toBe(201);
  const { id } = (await response.json()) as { id: string };
  return { path: `/api/todos/${id}`, id, etag: response.headers.get('etag') ?? '' };
}

const patch = (path: string, headers: Record<string, string>, token = alice) =>
  town.call(path, { method: 'PATCH', token, headers, json: { completed: true } });

async function expectPreconditionFailed(response: Response) {
  expect(response.status).toBe(412);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    title: 'Precondition Failed',
    status: 412,
    detail: expect.any(String),
  });
}

test('a todo has one strong tag until it changes, and never the same again', async () => {
  const { path, etag } = await add();
  expect(etag).toMatch(/^"[\x21\x23-\x7E]+"$/);
  const read = await town.call(path, { token: alice });
  expect(read.headers.get('etag')).toBe(etag);
  expect(read.headers.get('vary')).toBe('Authorization');
  expect(Object.keys((await read.json()) as object)).toEqual(['id', 'title', 'completed', 'created_at', 'updated_at']);
  const tags = [etag];
  for (let change = 0; change < 3; change++) {
    const changed = await patch(path, {});
    expect(Object.keys((await changed.json()) as object)).not.toContain('revision');
    tags.push(changed.headers.get('etag') ?? '');
    expect((await town.call(path, { token: alice })).headers.get('etag')).toBe(tags.at(-1));
  }
  expect(new Set(tags).size).toBe(4);
});

test('If-None-Match: who has it already gets 304 and nothing more', async () => {
  const { path, etag } = await add();
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, `,,W/"a,b" ,${etag},`, '*'])
    for (const method of ['GET', 'HEAD']) {
      const response = await town.call(path, { method, token: alice, headers: { 'if-none-match': tag } });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('vary')).toBe('Authorization');
      expect(response.headers.get('content-type')).toBeNull();
    }
  for (const tag of ['"other"', etag.slice(1, -1), '', 'garbage', `x${etag}`])
    expect((await town.call(path, { token: alice, headers: { 'if-none-match': tag } })).status).toBe(200);
  await patch(path, {});
  expect((await town.call(path, { token: alice, headers: { 'if-none-match': etag } })).status).toBe(200);
});

test('a list has the tag of what it holds and where it leads, for each person their own', async () => {
  const token = await town.token('read:todos write:todos', { sub: 'lisa' });
  const read = (path = '/api/todos', headers = {}, as = token) => town.call(path, { token: as, headers });
  const empty = (await read()).headers.get('etag') ?? '';
  const stranger = await town.token('read:todos', { sub: 'nobody' });
  expect((await read('/api/todos', {}, stranger)).headers.get('etag')).not.toBe(empty);
  const { path } = await add(token);
  const one = (await read()).headers.get('etag') ?? '';
  expect(one).not.toBe(empty);
  expect((await read('/api/todos', { 'if-none-match': one })).status).toBe(304);
  expect((await read('/api/todos', { 'if-none-match': one }, stranger)).status).toBe(200);
  await patch(path, {}, token);
  expect((await read('/api/todos', { 'if-none-match': one })).status).toBe(200);
  // The page stays, but now another follows: 304 would hide that.
  const page = (await read('/api/todos?limit=1')).headers.get('etag') ?? '';
  await add(token);
  const newest = (await read('/api/todos?limit=1')).headers.get('etag') ?? '';
  expect(newest).not.toBe(page);
  await town.call(path, { method: 'DELETE', token });
  expect((await read('/api/todos?limit=1', { 'if-none-match': newest })).status).toBe(200);
});

test('If-Match: a change happens only to what its sender has seen', async () => {
  const { path, etag } = await add();
  const changed = await patch(path, { 'if-match': etag });
  expect(changed.status).toBe(200);
  await expectPreconditionFailed(await patch(path, { 'if-match': etag }));
  const now = changed.headers.get('etag') ?? '';
  expect((await patch(path, { 'if-match': `"other" , ${now}` })).status).toBe(200);
  expect((await patch(path, { 'if-match': '*' })).status).toBe(200);
  expect((await patch(path, {})).status).toBe(200);
});

test.each([
  (tag: string) => `W/${tag}`,
  (tag: string) => tag.slice(1, -1),
  (tag: string) => tag.slice(1),
  (tag: string) => `${tag} ${tag}`,
  (tag: string) => `*, ${tag}`,
  (tag: string) => `${tag}, garbage`,
  () => '"other"',
  () => '',
  () => '""',
  () => '"%"',
  () => Array.from({ length: 500 }, (_, index) => `"${index}"`).join(','),
])('If-Match that names it weakly, wrongly or not at all changes and deletes nothing: %s', async (headerOf) => {
  const { path, etag } = await add();
  const headers = { 'if-match': headerOf(etag) };
  await expectPreconditionFailed(await patch(path, headers));
  await expectPreconditionFailed(await town.call(path, { method: 'DELETE', token: alice, headers }));
  await expectPreconditionFailed(await town.call(path, { token: alice, headers }));
  expect((await town.call(path, { token: alice })).headers.get('etag')).toBe(etag);
});

test('If-None-Match on a change means: only if it is not this', async () => {
  const { path, etag } = await add();
  for (const tag of ['*', etag, `W/${etag}`])
    await expectPreconditionFailed(await patch(path, { 'if-none-match': tag }));
  expect((await patch(path, { 'if-none-match': '"other"' })).status).toBe(200);
});

test('a todo is deleted with its tag, and then it is not there, whatever the tag', async () => {
  const { path, etag } = await add();
  const remove = (tag: string) => town.call(path, { method: 'DELETE', token: alice, headers: { 'if-match': tag } });
  await expectPreconditionFailed(await remove('"other"'));
  expect((await remove(etag)).status).toBe(204);
  for (const tag of [etag, '*', '"other"']) expect((await remove(tag)).status).toBe(404);
});

test('an administrator deletes with a precondition, too', async () => {
  const { id, etag } = await add();
  const remove = (tag: string) =>
    town.call(`/api/admin/todos/${id}`, { method: 'DELETE', token: admin, headers: { 'if-match': tag } });
  await expectPreconditionFailed(await remove('"other"'));
  expect((await remove(etag)).status).toBe(204);
  expect((await remove(etag)).status).toBe(404);
});

test('no tag tells anybody whether another’s todo is there', async () => {
  const { path, etag } = await add();
  const nobodys = `/api/todos/${crypto.randomUUID()}`;
  for (const name of ['if-match', 'if-none-match'])
    for (const tag of [etag, '*', '"other"'])
      for (const [method, json] of [['GET'], ['PATCH', { completed: true }], ['DELETE']] as const) {
        const ask = (where: string) => town.call(where, { method, json, token: bob, headers: { [name]: tag } });
        const [others, none] = [await ask(path), await ask(nobodys)];
        expect([others.status, none.status]).toEqual([404, 404]);
        expect(await others.text()).toBe(await none.text());
        expect(others.headers.get('etag')).toBeNull();
      }
  expect((await town.call(path, { token: alice })).headers.get('etag')).toBe(etag);
});

test('who may not pass, and what does not fit, is told so before any precondition is looked at', async () => {
  const { path } = await add();
  const headers = { 'if-match': '"other"' };
  expect((await town.call(path, { method: 'PATCH', headers, json: {} })).status).toBe(401);
  expect((await town.call(path, { method: 'PATCH', token: alice, headers, json: {} })).status).toBe(422);
});

test('of twenty changes at once with the same tag, one happens', async () => {
  const { path, etag } = await add();
  const answers = await Promise.all(Array.from({ length: 20 }, () => patch(path, { 'if-match': etag })));
  const statuses = answers.map(({ status }) => status).toSorted();
  expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
});

test('also when they come through two programs on one database', async () => {
  await using place = await temporaryDatabase(testEngine);
  const open = () => openDatabase<TodosTables>({ ...place, migrations: resolveFromRoot('db/todos-api') });
  await using first = await open();
  await using second = await open();
  const programs = [first, second].map(({ query }) => createTodos({ query, now: Date.now }));
  const { id, revision } = (await programs[0]?.add('alice', { title: 'x', completed: false })) ?? {
    id: '',
    revision: '',
  };
  const changes = Array.from({ length: 20 }, (_, index) =>
    programs[index % 2]?.change('alice', id, { title: `by ${index}` }, { oneOf: [revision] }),
  );
  const changed = (await Promise.all(changes)).filter((todo) => todo !== undefined);
  expect(changed).toHaveLength(1);
  expect(await programs[1]?.find('alice', id)).toEqual(changed[0]);
});

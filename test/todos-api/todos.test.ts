import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const tokenOf = (sub: string) =>
  town.token('read:todos write:todos admin', { sub, auth_time: Math.floor(Date.now() / 1000) });

interface Todo {
  readonly id: string;
  readonly title: string;
  readonly [member: string]: unknown;
}

async function add(token: string, title: string): Promise<Todo> {
  const response = await town.call('/api/todos', { method: 'POST', token, json: { title } });
  expect(response.status).toBe(201);
  return (await response.json()) as Todo;
}

async function list(token: string, path = '/api/todos'): Promise<{ todos: Todo[]; next: string | undefined }> {
  const response = await town.call(path, { token });
  expect(response.status).toBe(200);
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  return { todos: (await response.json()) as Todo[], next: next?.replace(town.url, '') };
}

test('S3: a todo is added, read, changed and removed', async () => {
  const token = await tokenOf('alice');
  const added = await town.call('/api/todos', { method: 'POST', token, json: { title: '  Water the plants ' } });
  expect(added.status).toBe(201);
  const todo = (await added.json()) as Todo;
  expect(todo).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    title: 'Water the plants',
    completed: false,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    updated_at: todo.created_at,
  });
  expect(added.headers.get('location')).toBe(`${town.url}/api/todos/${todo.id}`);
  expect(await (await town.call(`/api/todos/${todo.id}`, { token })).json()).toEqual(todo);

  const changed = await town.call(`/api/todos/${todo.id}`, { method: 'PATCH', token, json: { completed: true } });
  expect(changed.status).toBe(200);
  expect(await changed.json()).toMatchObject({ id: todo.id, title: 'Water the plants', completed: true });

  const removed = await town.call(`/api/todos/${todo.id}`, { method: 'DELETE', token });
  expect(removed.status).toBe(204);
  expect(await removed.text()).toBe('');
  for (const method of ['GET', 'DELETE'])
    expect((await town.call(`/api/todos/${todo.id}`, { method, token })).status).toBe(404);
});

test('each person sees their own only: what is another’s is not there', async () => {
  const [anna, ben] = await Promise.all([tokenOf('anna'), tokenOf('ben')]);
  const { id } = await add(anna, 'mine');
  expect((await list(ben)).todos).toEqual([]);
  const attempts = [{ method: 'GET' }, { method: 'PATCH', json: { title: 'stolen' } }, { method: 'DELETE' }];
  for (const attempt of attempts) {
    const others = await town.call(`/api/todos/${id}`, { ...attempt, token: ben });
    const nobodys = await town.call(`/api/todos/${crypto.randomUUID()}`, { ...attempt, token: ben });
    expect(others.status).toBe(404);
    expect(await others.text()).toBe(await nobodys.text());
  }
  expect((await list(anna)).todos).toMatchObject([{ id, title: 'mine' }]);
});

test('the list is a bare array, the newest first, fifty a page, and Link leads on', async () => {
  const token = await tokenOf('paula');
  const titles = Array.from({ length: 120 }, (_, index) => `todo ${index}`);
  for (const title of titles) await add(token, title);

  const first = await list(token);
  expect(first.todos).toHaveLength(50);
  await add(token, 'added while paging');
  const second = await list(token, first.next);
  const third = await list(token, second.next);
  expect(third.next).toBeUndefined();
  const seen = [first, second, third].flatMap(({ todos }) => todos.map(({ title }) => title));
  expect(seen).toEqual(titles.toReversed());

  expect((await list(token, '/api/todos?limit=200')).todos).toHaveLength(121);
  const small = await list(token, '/api/todos?limit=1');
  expect((await list(token, small.next)).todos).toMatchObject([{ title: 'todo 119' }]);
});

test('a cursor of one person shows another nothing', async () => {
  const [paula, ruth] = await Promise.all([tokenOf('paula'), tokenOf('ruth')]);
  const { next } = await list(paula, '/api/todos?limit=1');
  expect((await list(ruth, next)).todos).toEqual([]);
});

test.each(['limit=0', 'limit=201', 'limit=x', 'limit=-1', 'limit=1&limit=2', 'cursor=x', 'cursor=', 'limit='])(
  'the query %s is refused, and the parameter named',
  async (query) => {
    const response = await town.call(`/api/todos?${query}`, { token: await tokenOf('paula') });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ errors: [{ parameter: query.split('=')[0] }] });
  },
);

test('S3: an administrator sees and removes the todos of everyone', async () => {
  const { id } = await add(await tokenOf('zoe'), 'of zoe');
  const admin = await tokenOf('admin');
  const { todos, next } = await list(admin, '/api/admin/todos?limit=1');
  expect(todos).toMatchObject([{ id, title: 'of zoe', owner: 'zoe' }]);
  expect((await list(admin, next)).todos).not.toMatchObject([{ id }]);
  expect((await town.call(`/api/admin/todos/${id}`, { method: 'DELETE', token: admin })).status).toBe(204);
  expect((await town.call(`/api/admin/todos/${id}`, { method: 'DELETE', token: admin })).status).toBe(404);
  expect((await list(await tokenOf('zoe'))).todos).toEqual([]);
});

test('an operator’s program may read the todos of everyone, but not delete: it cannot sign in', async () => {
  const token = await town.token('admin', { sub: 'test-client' });
  expect((await town.call('/api/admin/todos', { token })).status).toBe(200);
  const response = await town.call(`/api/admin/todos/${crypto.randomUUID()}`, { method: 'DELETE', token });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error: 'access_denied' });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
let alice: string;
let bob: string;
let admin: string;
beforeAll(async () => {
  town = await startTodosApiTown();
  const scope = 'read:todos write:todos';
  [alice, bob] = await Promise.all([town.token(scope, { sub: 'alice' }), town.token(scope, { sub: 'bob' })]);
  admin = await town.token('admin', { sub: 'admin' });
  const titles = ['Straße fegen', 'ÄPFEL kaufen', '100% wool', '100 sheep', 'a_b', 'axb', 'wow!', 'ΟΔΟΣ', 'oﬃce'];
  for (const title of titles) await add(alice, title, title.startsWith('100'));
  await add(bob, 'Äpfel of Bob', true);
});
afterAll(() => town[Symbol.asyncDispose]());

async function add(token: string, title: string, completed: boolean) {
  const response = await town.call('/api/todos', { method: 'POST', token, json: { title, completed } });
  expect(response.status).toBe(201);
}

async function titles(token: string, query: string, path = '/api/todos') {
  const response = await town.call(`${path}?${query}`, { token });
  expect(response.status).toBe(200);
  return ((await response.json()) as { title: string }[]).map(({ title }) => title);
}

test('completed=true and completed=false part the list', async () => {
  expect(await titles(alice, 'completed=true')).toEqual(['100 sheep', '100% wool']);
  expect(await titles(alice, 'completed=false')).toHaveLength(7);
});

test.each([
  ['äpfel', ['ÄPFEL kaufen']],
  ['STRASSE', ['Straße fegen']],
  ['a\u0308pfel', ['ÄPFEL kaufen']],
  ['οδοσ', ['ΟΔΟΣ']],
  ['OFFICE', ['oﬃce']],
  ['100%', ['100% wool']],
  ['%', ['100% wool']],
  ['A_B', ['a_b']],
  ['!', ['wow!']],
  ['!%', []],
  ['0 s', ['100 sheep']],
  ['nowhere', []],
  ["'", []],
])('q=%s finds %j: capitals do not matter, and no character means another', async (q, found) => {
  expect(await titles(alice, new URLSearchParams({ q }).toString())).toEqual(found);
});

test('a title that is changed is found by its new words only', async () => {
  const added = await town.call('/api/todos', { method: 'POST', token: bob, json: { title: 'Before' } });
  const { id } = (await added.json()) as { id: string };
  await town.call(`/api/todos/${id}`, { method: 'PATCH', token: bob, json: { title: 'ÄFTER' } });
  expect(await titles(bob, 'q=before')).toEqual([]);
  expect(await titles(bob, `q=${encodeURIComponent('äfter')}`)).toEqual(['ÄFTER']);
});

test('filters go together, and every Link keeps them', async () => {
  const seen: string[] = [];
  let path: string | undefined = '/api/todos?q=%31%30%30&completed=true&limit=1';
  while (path) {
    const response = await town.call(path, { token: alice });
    seen.push(...((await response.json()) as { title: string }[]).map(({ title }) => title));
    const link = response.headers.get('link') ?? '';
    expect(link).toContain(`<${town.url}/api/todos?limit=1&completed=true&q=100>; rel="first"`);
    path = /<([^>]+)>; rel="next"/.exec(link)?.[1]?.replace(town.url, '');
  }
  expect(seen).toEqual(['100 sheep', '100% wool']);
});

test('no header can be made of what is searched for', async () => {
  const q = '>; rel="evil", <\r\nx: y';
  const response = await town.call(`/api/todos?${new URLSearchParams({ q })}`, { token: alice });
  expect(response.status).toBe(200);
  expect(response.headers.get('link')).not.toContain('evil"');
  expect(response.headers.get('x')).toBeNull();
});

test('a filter shows nobody what is another’s', async () => {
  const apples = `q=${encodeURIComponent('äpfel')}`;
  expect(await titles(alice, apples)).toEqual(['ÄPFEL kaufen']);
  expect(await titles(bob, apples)).toEqual(['Äpfel of Bob']);
  const refused = await town.call('/api/todos?owner=bob', { token: alice });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    errors: [{ parameter: 'owner', detail: 'expected no such parameter' }],
  });
});

test('an administrator filters the todos of everyone, by owner too', async () => {
  const apples = `q=${encodeURIComponent('äpfel')}`;
  const path = '/api/admin/todos';
  expect((await titles(admin, apples, path)).toSorted()).toEqual(['ÄPFEL kaufen', 'Äpfel of Bob'].toSorted());
  expect(await titles(admin, `${apples}&owner=bob`, path)).toEqual(['Äpfel of Bob']);
  expect(await titles(admin, `${apples}&owner=bob&completed=false`, path)).toEqual([]);
  expect(await titles(admin, 'owner=nobody', path)).toEqual([]);
  const { headers } = await town.call(`${path}?owner=alice&limit=1`, { token: admin });
  expect(headers.get('link')).toMatch(/\?limit=1&owner=alice&cursor=[\w-]+>; rel="next"/);
});

test.each([
  ...['completed=yes', 'completed=', 'completed=1', 'completed=true&completed=true', 'completed=TRUE'],
  ...['q=', 'q=a&q=b', 'q=%00', `q=${'x'.repeat(201)}`],
  // Unknown ones are refused: a filter that is misspelt and passed over would answer with too much.
  ...['complete=true', 'Q=a', 'query=a', 'constructor=a'],
])('the query %s is refused, and the parameter named', async (query) => {
  for (const [path, token] of [
    ['/api/todos', alice],
    ['/api/admin/todos', admin],
  ]) {
    const response = await town.call(`${path}?${query}`, { token });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const { errors } = (await response.json()) as { errors: unknown };
    expect(errors).toEqual([{ parameter: query.split('=')[0], detail: expect.stringMatching(/^expected /) }]);
  }
});

test.each(['owner=', 'owner=%00', 'owner=a&owner=b', `owner=${'x'.repeat(256)}`])(
  'the query %s is refused on the list of everyone',
  async (query) => {
    const response = await town.call(`/api/admin/todos?${query}`, { token: admin });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ parameter: 'owner' }] });
  },
);

test('the document names the filters of each list, and what a change may be refused for', async () => {
  const document = (await (await town.call('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { parameters?: { name: string }[]; responses: object }>>;
  };
  const parameters = (path: string) => document.paths[path]?.get?.parameters?.map(({ name }) => name);
  expect(parameters('/api/todos')).toEqual(['limit', 'cursor', 'completed', 'q']);
  expect(parameters('/api/admin/todos')).toEqual(['limit', 'cursor', 'completed', 'q', 'owner']);
  for (const [path, method] of [
    ['/api/todos/{id}', 'patch'],
    ['/api/todos/{id}', 'delete'],
    ['/api/admin/todos/{id}', 'delete'],
  ] as const)
    expect(document.paths[path]?.[method]?.responses).toHaveProperty('412');
});

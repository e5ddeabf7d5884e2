import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
let token: string;
beforeAll(async () => {
  town = await startTodosApiTown();
  token = await town.token('read:todos write:todos');
});
afterAll(() => town[Symbol.asyncDispose]());

const post = (body: RequestInit['body'], headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  town.call('/api/todos', { method: 'POST', token, body, headers });

async function expectProblem(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as { errors?: { pointer: string; detail: string }[] };
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), status });
  return problem;
}

test.each([
  ['{}', ['#/title']],
  ['{"title":""}', ['#/title']],
  ['{"title":"   "}', ['#/title']],
  ['{"title":7}', ['#/title']],
  ['{"title":null}', ['#/title']],
  [JSON.stringify({ title: 'x'.repeat(201) }), ['#/title']],
  ['{"title":"\\ud800"}', ['#/title']],
  ['{"title":"a\\u0000b"}', ['#/title']],
  ['{"title":"x","completed":"yes"}', ['#/completed']],
  ['{"title":"x","owner":"bob"}', ['#/owner']],
  ['{"title":"x","id":"1","a/b~c":1}', ['#/id', '#/a~1b~0c']],
  ['{"title":"x","__proto__":{"a":1}}', ['#/__proto__']],
  ['{"completed":1,"extra":1}', ['#/title', '#/completed', '#/extra']],
  ['[]', ['#']],
  ['null', ['#']],
  ['"title"', ['#']],
])('%s is refused with 422, and each member is named', async (body, pointers) => {
  const { errors = [] } = await expectProblem(await post(body), 422);
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
  for (const { detail } of errors) expect(detail).toMatch(/^expected /);
});

test('a title may have 200 characters, whatever script they are in', async () => {
  for (const character of ['x', 'ß', '字', '🌱'])
    expect((await post(JSON.stringify({ title: character.repeat(200) }))).status).toBe(201);
});

test.each(['{', '', '{"title":"x"', "{'title':'x'}", '\xff'])('the body %j is not JSON: 400', async (body) => {
  await expectProblem(await post(Buffer.from(body, 'latin1')), 400);
});

test.each<Record<string, string>>([
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'application/json; charset=latin1' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
])('%j is an unsupported media type: 415', async (headers) => {
  await expectProblem(await post('{"title":"x"}', headers), 415);
});

test('a body without a content type is unsupported', async () => {
  const body = new Blob(['{"title":"x"}']);
  await expectProblem(await post(body, {}), 415);
});

test('too large a body is refused, announced or not', async () => {
  const large = JSON.stringify({ title: 'x'.repeat(200_000) });
  await expectProblem(await post(large), 413);
  const stream = new Blob([large]).stream();
  const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } };
  const headers = { ...init.headers, authorization: `Bearer ${token}` };
  await expectProblem(await fetch(`${town.url}/api/todos`, { ...init, headers } as RequestInit), 413);
});

test('PATCH takes title and completed, one at least, and nothing else', async () => {
  const { id } = (await (await post('{"title":"x"}')).json()) as { id: string };
  const patch = (json: unknown) => town.call(`/api/todos/${id}`, { method: 'PATCH', token, json });
  await expectProblem(await patch({}), 422);
  expect((await expectProblem(await patch({ title: 'y', created_at: 'now' }), 422)).errors).toMatchObject([
    { pointer: '#/created_at' },
  ]);
  expect((await patch({ title: 'y' })).status).toBe(200);
});

test.each(['x', '1', '..%2f', '%00', '%E0%A4%A', "'", 'A'.repeat(50)])('the id %s names nothing: 404', async (id) => {
  await expectProblem(await town.call(`/api/todos/${id}`, { token }), 404);
});

test('what is not there is 404, and the wrong method 405 with Allow, both as JSON', async () => {
  await expectProblem(await town.call('/nowhere'), 404);
  await expectProblem(await town.call('/api'), 404);
  await expectProblem(await town.call('/API/todos'), 404);
  await expectProblem(await town.call('/api/todos/'), 404);
  const response = await town.call('/api/todos', { method: 'PUT', token });
  expect(response.headers.get('allow')).toBe('HEAD, GET, POST');
  await expectProblem(response, 405);
});

test('who may not pass learns nothing of what they sent: credentials are looked at first', async () => {
  const response = await town.call('/api/todos', {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'text/plain' },
  });
  expect(response.status).toBe(401);
});

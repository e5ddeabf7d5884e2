import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFlowReports } from '../../apps/todos-api/src/flow-reports/flow-reports.ts';
import { type ReportCollector, startCollector } from '../authorization-server/report-collector.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let collector: ReportCollector;
let town: TodosApiTown;
let close = async () => {};

beforeAll(async () => {
  collector = await startCollector();
  const { FLOW_REPORTS_URL: url = '', FLOW_REPORTS_SECRET: secret = '' } = collector.environment;
  town = await startTodosApiTown({
    flowReports(publicUrl) {
      const flowReports = createFlowReports({ publicUrl, collector: { url, secret } });
      close = flowReports.close;
      return flowReports;
    },
  });
});
afterAll(async () => {
  await close();
  await town[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await collector.told(town.url);
  collector.forget();
});

const verified = ['token_format', 'algorithm', 'signature', 'typ', 'iss', 'aud', 'exp'];
const checksAt = (path: string) => collector.checksAt(town.url, path);

test('the first token has the API fetch the keys, which it is told of as caused by that request', async () => {
  const response = await town.call('/api/todos', { token: await town.token('read:todos') });
  expect(response.status).toBe(200);
  expect(await checksAt('/api/todos')).toEqual([...verified, 'scope']);
  const { id } = await collector.toldAt(town.url, '/api/todos');
  const keys = await collector.toldAt(town.url, '/jwks');
  expect(keys).toMatchObject({ from: 'api', to: 'authorization-server', channel: 'back', causedBy: id });
  expect(keys.answer?.body).toContain('"keys"');
});

test('of a refusal it is told which look at the token it was', async () => {
  const now = Math.floor(Date.now() / 1_000);
  await town.call('/api/me', { token: await town.token('', { exp: now - 60 }) });
  expect(await checksAt('/api/me')).toEqual([
    ...verified.slice(0, -1),
    expect.stringMatching(/^exp: ran out 6\d s ago$/),
  ]);
  await town.call('/api/todos', { token: await town.token('') });
  expect(await checksAt('/api/todos')).toEqual([...verified, 'scope: Missing required scope: read:todos']);
  await town.call('/api/me', { token: 'no.token.atall' });
  expect(await checksAt('/api/me')).toEqual([expect.stringMatching(/^token_format: /)]);
  await town.call('/api/status');
  expect(await checksAt('/api/status')).toEqual([]);
});

test('at the MCP endpoint each look is told once, and a scope only where a tool needs it', async () => {
  const token = (scope: string) => town.token(scope, { aud: `${town.url}/mcp` });
  const call = async (method: string, scope: string, params = {}) => {
    const headers = { accept: 'application/json, text/event-stream' };
    const json = { jsonrpc: '2.0', id: 1, method, params };
    await town.call('/mcp', { method: 'POST', token: await token(scope), headers, json });
    return checksAt('/mcp');
  };
  const list = { name: 'list_todos', arguments: {} };
  expect(await call('tools/list', '')).toEqual(verified);
  expect(await call('tools/call', 'read:todos', list)).toEqual([...verified, 'scope']);
  expect(await call('tools/call', '', list)).toEqual([...verified, 'scope: Missing required scope: read:todos']);
});

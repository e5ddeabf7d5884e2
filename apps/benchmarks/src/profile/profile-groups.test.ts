import { expect, test } from 'vitest';
import { type CpuProfile, type Frame, selfTimes } from './cpu-profile.ts';
import { billedTo, groupOf } from './profile-groups.ts';

const frame = (url: string, caller?: Frame, functionName = 'f'): Frame => ({
  functionName,
  url,
  lineNumber: 0,
  caller,
});
const engine = frame('file:///x/node_modules/oidc-provider/lib/models/grant.js');
const ours = frame('file:///x/apps/authorization-server/src/keys/keyring.ts', engine);
const statements = frame('file:///x/packages/database/src/sqlite/sqlite-statements.ts', ours);

test.each([
  ['file:///x/node_modules/jose/dist/webapi/lib/sign.js', 'signing and crypto'],
  ['node:internal/crypto/hash', 'signing and crypto'],
  ['file:///x/packages/database/src/sqlite/group-commit.ts', 'database'],
  ['file:///x/packages/database/src/prepared.ts', 'ours'],
  ['file:///x/node_modules/kysely/dist/query-compiler.js', 'query builder'],
  ['file:///x/node_modules/oidc-provider/lib/provider.js', 'engine'],
  ['file:///x/node_modules/koa/lib/application.js', 'koa'],
  ['file:///x/packages/service/src/metrics.ts', 'ours'],
  ['file:///x/packages/service/node_modules/prom-client/lib/counter.js', 'other'],
  ['node:_http_outgoing', 'node http and net'],
  ['node:internal/process/task_queues', 'other'],
])('%s belongs to %s', (url, group) => {
  expect(groupOf(frame(url))).toBe(group);
});

test('native code belongs to its caller; that of our database is the database', () => {
  expect(groupOf(frame('', engine))).toBe('engine');
  expect(groupOf(frame('', frame('', engine)))).toBe('engine');
  expect(groupOf(frame('', statements))).toBe('database');
  expect(groupOf(frame('', undefined, '(garbage collector)'))).toBe('garbage collector');
  expect(groupOf(frame('', undefined, '(idle)'))).toBeUndefined();
});

test('what others do for our code is billed to it, and what the engine does for itself is not', () => {
  expect(billedTo(frame('node:internal/crypto/hash', ours))).toBe(ours);
  expect(billedTo(frame('', statements))).toBe(statements);
  expect(billedTo(frame('node:internal/crypto/hash', engine))).toBeUndefined();
});

test('only samples between the two moments count', () => {
  const callFrame = (functionName: string) => ({ functionName, url: '', lineNumber: 0 });
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: callFrame('(root)'), children: [2, 3] },
      { id: 2, callFrame: callFrame('a') },
      { id: 3, callFrame: callFrame('b') },
    ],
    startTime: 1_000,
    samples: [2, 2, 3, 2],
    timeDeltas: [10, 20, 30, 40],
  };
  const times = selfTimes(profile, 1_020, 1_070).map(({ frame: { functionName, caller }, self }) => [
    functionName,
    caller?.functionName,
    self,
  ]);
  expect(times).toEqual([
    ['a', '(root)', 20],
    ['b', '(root)', 30],
  ]);
});

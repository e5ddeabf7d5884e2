import { expect, test } from 'vitest';
import type { RecordedRun } from '../presented-exchange.ts';
import { presentExchange } from './present-exchange.ts';
import { readRecordedRun } from './recorded-run.ts';

const token = ['{"alg":"ES256"}', '{"sub":"alice"}', 'a signature'].map((part) =>
  Buffer.from(part).toString('base64url'),
);
const exchange = presentExchange(
  {
    id: 'a-b',
    traceId: 'a',
    from: 'client',
    to: 'authorization-server',
    channel: 'back',
    startedAt: 1,
    tookMs: 2,
    request: { method: 'POST', url: 'https://login.example/token?a=b', headers: [['Accept', '*/*']], body: '' },
    answer: { status: 200, headers: [], body: JSON.stringify({ access_token: token.join('.'), expires_in: 300 }) },
    checks: [{ by: 'authorization-server', name: 'code', outcome: 'passed' }],
  },
  { order: 1 },
);
const run: RecordedRun = { format: 'latchkey-flow-1', title: 'A run', recordedAt: 5, exchanges: [exchange] };
const written = (): unknown => JSON.parse(JSON.stringify(run));

test('a run that was written down is read as it was', () => {
  expect(readRecordedRun(written())).toEqual(run);
});

test('where a secret could be asked for is gone: nobody answers for a run that is over', () => {
  const text = JSON.stringify(run).replace('"kind":"secret"', '"kind":"secret","reveal":"/flow/reveal?hash=12345678"');
  expect(readRecordedRun(JSON.parse(text))).toEqual(run);
});

test.each<readonly [string, (text: string) => string]>([
  ['another format', (text) => text.replace('latchkey-flow-1', 'latchkey-flow-2')],
  ['a member that nobody knows', (text) => text.replace('"order":1', '"order":1,"html":"<b>"')],
  ['a link that is script', (text) => text.replace(/"href":"[^"]*"/, '"href":"javascript:alert(1)"')],
  ['a link without protection', (text) => text.replace(/"href":"https:/, '"href":"http:')],
  ['a party that there is not', (text) => text.replace('"from":"client"', '"from":"somebody"')],
  ['an id that is more than one', (text) => text.replace('"id":"a-b"', '"id":"a\\" onclick=\\"b"')],
  ['a hash that is none', (text) => text.replace(/"hash":"[^"]*"/, '"hash":"<script>"')],
  ['a missing request', (text) => text.replace('"request":', '"asked":')],
  ['nothing', () => 'null'],
  ['a list', () => '[]'],
])('%s is no run', (_, change) => {
  const changed = change(JSON.stringify(run));
  expect(changed).not.toBe(JSON.stringify(run));
  expect(readRecordedRun(JSON.parse(changed))).toBeUndefined();
});

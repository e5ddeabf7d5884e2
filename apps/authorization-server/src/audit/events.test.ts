import { createMetrics, type Logger } from '@latchkey/service';
import { afterEach, expect, test, vi } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { createEvents, type Events } from './events.ts';

afterEach(() => vi.useRealTimers());

async function startEvents() {
  const tables = await startTables();
  const metrics = createMetrics();
  const lines: [string, Record<string, unknown>][] = [];
  const at = (level: string) => (fields: Record<string, unknown>) => void lines.push([level, fields]);
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Logger;
  const events = createEvents({ query: tables.query, logger, registry: metrics.registry });
  return Object.assign(tables, { events, lines, metrics });
}

const alice = { accountId: 'alice', clientId: 'plants' };

const reports: [string, (events: Events) => void, Record<string, unknown>][] = [
  ['signed-in', (events) => events.signedIn({ ...alice, username: 'alice' }), { username: 'alice' }],
  [
    'sign-in-failed',
    (events) => events.signInFailed({ ...alice, ip: '203.0.113.1', throttled: false }),
    { ip: '203.0.113.1' },
  ],
  [
    'consent-given',
    (events) => events.consentGiven({ ...alice, granted: ['openid'], declined: ['email'] }),
    { granted: ['openid'], declined: ['email'] },
  ],
  ['consent-denied', (events) => events.consentDenied(alice), {}],
  ['signed-out', (events) => events.signedOut(alice), {}],
  ['grant-revoked', (events) => events.grantRevoked({ ...alice, reason: 'token' }), { reason: 'token' }],
  [
    'client-registered',
    (events) => events.clientRegistered({ ...alice, registeredBy: 'anonymous' }),
    { registeredBy: 'anonymous' },
  ],
  [
    'backchannel-logout-failed',
    (events) => events.backchannelLogoutFailed({ ...alice, reason: 'timeout' }),
    { reason: 'timeout' },
  ],
];

test('a try that was throttled is counted only: whoever hammers on fills no table', async () => {
  await using room = await startEvents();
  room.events.signInFailed({ ...alice, ip: '203.0.113.1', throttled: true });
  await room.events.settled();
  expect(await room.query.selectFrom('audit_events').selectAll().execute()).toEqual([]);
  expect(await room.metrics.text()).toContain('latchkey_events_total{event="sign-in-throttled"} 1');
});

test.each(reports)('%s is stored, counted and logged', async (name, report, detail) => {
  await using room = await startEvents();
  vi.useFakeTimers({ toFake: ['Date'], now: 5_000 });
  report(room.events);
  await room.events.settled();
  const rows = await room.query.selectFrom('audit_events').selectAll().execute();
  expect(rows).toEqual([
    expect.objectContaining({ name, account_id: 'alice', client_id: 'plants', occurred_at: 5_000 }),
  ]);
  expect(JSON.parse(String(rows[0]?.detail))).toEqual(detail);
  expect(room.lines).toEqual([['info', { event: name, ...alice, ...detail }]]);
  expect(await room.metrics.text()).toContain(`latchkey_events_total{event="${name}"} 1`);
});

test('a stranger is nobody, not a missing column', async () => {
  await using room = await startEvents();
  room.events.signInFailed({ ip: '203.0.113.1', throttled: false });
  await room.events.settled();
  expect(await room.query.selectFrom('audit_events').select(['account_id', 'client_id']).execute()).toEqual([
    { account_id: null, client_id: null },
  ]);
});

test('token answers are counted by grant type and outcome, and too many to store', async () => {
  await using room = await startEvents();
  room.events.tokenAnswered({ clientId: 'plants', grantType: 'refresh_token', outcome: 'success' });
  room.events.tokenAnswered({ clientId: 'plants', grantType: 'refresh_token', outcome: 'success' });
  room.events.tokenAnswered({ clientId: 'plants', grantType: 'authorization_code', outcome: 'invalid_grant' });
  await room.events.settled();
  const text = await room.metrics.text();
  expect(text).toContain('token_responses_total{grant_type="refresh_token",outcome="success"} 2');
  expect(text).toContain('token_responses_total{grant_type="authorization_code",outcome="invalid_grant"} 1');
  expect(await room.query.selectFrom('audit_events').selectAll().execute()).toEqual([]);
});

test('a refused request is in the log under its reference', async () => {
  await using room = await startEvents();
  const refusal = { clientId: 'plants', reference: 'abc', error: 'invalid_request', reason: 'redirect_uri differs' };
  room.events.requestRefused(refusal);
  expect(room.lines).toEqual([['warn', { event: 'request-refused', ...refusal }]]);
});

test('a database that fails is told to the log, and never to the request', async () => {
  await using room = await startEvents();
  await room.close();
  for (const [, report] of reports) report(room.events);
  await room.events.settled();
  expect(room.lines.filter(([level]) => level === 'error')).toHaveLength(reports.length);
  expect(await room.metrics.text()).toContain('latchkey_events_total{event="signed-in"} 1');
});

import type { Report } from '@latchkey/flow-reports';
import { expect, test } from 'vitest';
import { createPictures } from './pictures.ts';

function report(id: string, changes: Partial<Report> = {}): Report {
  return {
    reporter: 'client',
    id,
    traceId: id.split('-')[0] ?? '',
    from: 'browser',
    to: 'client',
    channel: 'front',
    startedAt: Date.now(),
    request: { method: 'GET', url: 'http://localhost:3002/', headers: [] },
    checks: [],
    ...changes,
  };
}

const at = (url: string, location?: string): Partial<Report> => ({
  reporter: 'authorization-server',
  to: 'authorization-server',
  request: { method: 'GET', url, headers: [] },
  ...(location && { answer: { status: 303, headers: [['Location', location]] } }),
});
const idsOf = (pictures: ReturnType<typeof createPictures>, picture: string) =>
  pictures.picture(picture).drawn.map(({ exchange }) => exchange.id);

test('what a trace joins belongs to the browser that began it', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  pictures.begin('bob', 't2');
  pictures.take(report('t1-a'));
  pictures.take(report('t2-b'));
  pictures.take(report('t3-c'));
  expect(idsOf(pictures, 'alice')).toEqual(['t1-a']);
  expect(idsOf(pictures, 'bob')).toEqual(['t2-b']);
});

test('pages at the authorization server join by state, interaction and cookie, in whatever order they are told', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  pictures.take(report('t3-page', { startedAt: 3, ...at('http://as/interaction/uid-of-sixteen-and-more') }));
  pictures.take(
    report('t2-authorize', {
      startedAt: 2,
      ...at('http://as/authorize?state=a-state-of-twenty-and-more', '/interaction/uid-of-sixteen-and-more'),
    }),
  );
  expect(idsOf(pictures, 'alice')).toEqual([]);
  const answer = {
    status: 303,
    headers: [['Location', 'http://as/authorize?state=a-state-of-twenty-and-more']] as const,
  };
  pictures.take(report('t1-begin', { startedAt: 1, answer }));
  expect(idsOf(pictures, 'alice')).toEqual(['t1-begin', 't2-authorize', 't3-page']);
});

test('who sends and who receives tell of one exchange, and their checks add up', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  const ends = { from: 'client', to: 'api', channel: 'back' } as const;
  const answer = { status: 200, headers: [] };
  pictures.take(
    report('t1-call', { reporter: 'api', ...ends, answer, checks: [{ by: 'api', name: 'aud', outcome: 'passed' }] }),
  );
  pictures.take(report('t1-call', { ...ends, answer, tookMs: 40 }));
  pictures.take(report('t1-call', { ...ends, checks: [{ by: 'client', name: 'iss', outcome: 'passed' }] }));
  expect(pictures.picture('alice').drawn).toHaveLength(1);
  expect(pictures.picture('alice').drawn[0]?.exchange).toMatchObject({
    ...ends,
    tookMs: 40,
    answer: { status: 200 },
    checks: [{ name: 'aud' }, { name: 'iss' }],
  });
});

test('a flood is bounded, and clearing says since when', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  for (let count = 0; count < 1_000; count++) pictures.take(report(`t1-${count}`));
  for (let count = 0; count < 1_000; count++) pictures.take(report(`x${count}-1`));
  expect(pictures.picture('alice').drawn.length).toBeLessThanOrEqual(400);
  const { change } = pictures.picture('alice');
  pictures.clear('alice');
  expect(pictures.picture('alice')).toMatchObject({ drawn: [], clearedAt: change + 1 });
});

test('who looks on is told of each change, until they go', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  let told = 0;
  const unwatch = pictures.watch('alice', () => {
    told += 1;
  });
  pictures.take(report('t1-a'));
  unwatch();
  pictures.take(report('t1-b'));
  expect(told).toBe(1);
});

test('what is short, and so may be chosen by somebody, joins nothing', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  pictures.take(report('t1-begin', at('http://as/authorize?state=xyz')));
  pictures.take(report('t2-other', at('http://as/authorize?state=xyz')));
  expect(idsOf(pictures, 'alice')).toEqual(['t1-begin']);
});

test('a browser that names its own picture is in no other, whatever it was made to send', () => {
  const pictures = createPictures();
  pictures.begin('mallory', 't1');
  pictures.begin('alice', 't2');
  const planted = at('http://as/authorize?state=a-state-that-mallory-began');
  pictures.take(report('t1-begin', planted));
  const headers = [['Cookie', 'other=1; latchkey_flow=alice']] as const;
  pictures.take(report('t3-planted', { ...planted, request: { ...report('').request, ...planted.request, headers } }));
  expect(idsOf(pictures, 'mallory')).toEqual(['t1-begin']);
  expect(idsOf(pictures, 'alice')).toEqual(['t3-planted']);
});

test('nobody takes over a trace that another has begun', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  pictures.begin('mallory', 't1');
  pictures.take(report('t1-a'));
  expect(idsOf(pictures, 'mallory')).toEqual([]);
  expect(idsOf(pictures, 'alice')).toEqual(['t1-a']);
});

test('of many pictures those are kept that somebody looks at, and one that comes back is told that it begins again', () => {
  const pictures = createPictures();
  const ids = ['watched', ...Array.from({ length: 60 }, (_, index) => `picture-${index}`)];
  pictures.watch('watched', () => {});
  for (const id of ids) {
    pictures.begin(id, `trace-of-${id}`);
    pictures.take(report(`x-${id}`, { traceId: `trace-of-${id}` }));
  }
  expect(ids.filter((id) => pictures.picture(id).drawn.length > 0)).toEqual(['watched', ...ids.slice(-49)]);
  const seen = pictures.picture('picture-59').change;
  pictures.begin('picture-0', 'a-new-trace');
  expect(pictures.picture('picture-0').clearedAt).toBeGreaterThan(seen);
});

test('long messages make room by number of characters', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  const request = { ...report('').request, body: 'x'.repeat(16_000) };
  for (let count = 0; count < 200; count++) pictures.take(report(`t1-${count}`, { request }));
  const { drawn } = pictures.picture('alice');
  expect(drawn.length).toBeLessThan(130);
  expect(drawn.at(-1)?.exchange.id).toBe('t1-199');
});

test('by cookies join only those that are random, and by the session that an ID token names, what ends it', () => {
  const pictures = createPictures();
  pictures.begin('alice', 't1');
  const cookies = 'latchkey_known=YWxpY2U.the-same-in-both-browsers; latchkey_session=a-session-of-this-browser';
  const withCookies = (id: string, value: string) =>
    report(id, { ...at('http://as/account'), request: { ...report('').request, headers: [['cookie', value]] } });
  pictures.take(withCookies('t1-a', cookies));
  pictures.take(
    withCookies('t2-b', 'latchkey_known=YWxpY2U.the-same-in-both-browsers; latchkey_session=of-another-browser'),
  );
  pictures.take(withCookies('t3-c', 'latchkey_session=a-session-of-this-browser'));
  expect(idsOf(pictures, 'alice')).toEqual(['t1-a', 't3-c']);

  const token = ['', Buffer.from('{"sid":"a-session-at-the-server"}').toString('base64url'), ''].join('.');
  const back = {
    from: 'client',
    channel: 'back',
    answer: { status: 200, headers: [], body: `{"id_token":"${token}"}` },
  } as const;
  pictures.take(report('t1-token', { ...at('http://as/token'), ...back }));
  const order = { method: 'POST', url: 'http://c/auth/backchannel-logout', headers: [], body: `logout_token=${token}` };
  pictures.take(report('t4-logout', { from: 'authorization-server', channel: 'back', request: order }));
  pictures.take(
    report('t5-other', { from: 'authorization-server', request: { ...order, body: 'logout_token=x.y.z' } }),
  );
  expect(idsOf(pictures, 'alice').slice(2)).toEqual(['t1-token', 't4-logout']);
});

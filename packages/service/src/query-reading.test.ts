import Koa from 'koa';
import { expect, test } from 'vitest';
import { readQueriesOnce } from './query-reading.ts';

/** What an app sees of a request with this query. */
function seen(querystring: string, read: (request: Koa.Request) => unknown = (request) => request.query, once = true) {
  const app = new Koa();
  if (once) readQueriesOnce(app);
  const request = Object.create(app.request) as Koa.Request;
  Object.assign(request, { req: { url: `/?${querystring}` } });
  return read(request);
}

test.each([
  '',
  'a',
  'a=1',
  'a=1&b=2',
  'a=1&a=2&b=&a=3',
  'a[]=1&a[b]=2',
  '=1',
  '&&',
  '%zz=%ff',
  'a+b=c+d',
  '__proto__=1&toString=2',
  '__proto__=1&__proto__=2',
])('"%s" is what Koa makes of it', (querystring) => {
  expect(seen(querystring)).toEqual(seen(querystring, undefined, false));
  expect(Object.keys(seen(querystring) as object)).toEqual(Object.keys(seen(querystring, undefined, false) as object));
});

test('it is read once, and anew when the address is changed on the way', () => {
  const twice = seen('a=1', (request) => [request.query, request.query]) as unknown[];
  expect(twice[0]).toBe(twice[1]);
  const changed = (change: (request: Koa.Request) => void) =>
    seen('a=1', (request) => {
      expect(request.query).toEqual({ a: '1' });
      change(request);
      return request.query;
    });
  expect(changed((request) => (request.querystring = ''))).toEqual({});
  expect(changed((request) => (request.query = { b: ['2', '3'] }))).toEqual({ b: ['2', '3'] });
});

test.each(['&a=', '&a', '&', '&=', '&%61'])('all that a request line holds of "%s" takes no time', (part) => {
  const querystring = part.repeat(Math.floor(16_000 / part.length));
  const started = performance.now();
  for (let round = 0; round < 5; round++) seen(querystring);
  expect(performance.now() - started).toBeLessThan(300);
});

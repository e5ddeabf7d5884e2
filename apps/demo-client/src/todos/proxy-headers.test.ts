import { expect, test } from 'vitest';
import { browserHeaders, upstreamHeaders } from './proxy-headers.ts';

test('to the API goes what is on the list: no cookie, no credentials, no forwarded names, no hop-by-hop headers', () => {
  const received: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/json',
    'if-match': '"1"',
    cookie: 'latchkey_demo=secret',
    authorization: 'Bearer stolen',
    dpop: 'proof',
    host: 'evil.example',
    connection: 'keep-alive',
    'transfer-encoding': 'chunked',
    'x-forwarded-for': '1.2.3.4',
    'x-csrf': '1',
    origin: 'https://evil.example',
  };
  const headers = upstreamHeaders((name) => received[name] ?? '');
  expect(Object.fromEntries(headers)).toEqual({
    accept: 'application/json',
    'content-type': 'application/json',
    'if-match': '"1"',
  });
});

test('to the browser goes what is on the list: no cookie, no policy, no header about the connection', () => {
  const headers = new Headers({
    'content-type': 'application/json',
    etag: '"1"',
    'www-authenticate': 'Bearer error="insufficient_scope"',
    'set-cookie': 'a=b',
    'content-security-policy': 'default-src *',
    'access-control-allow-origin': '*',
    'content-encoding': 'gzip',
    'content-length': '7',
    'clear-site-data': '"*"',
    server: 'x',
  });
  expect(browserHeaders(headers, 'https://api.example')).toEqual({
    'content-type': 'application/json',
    etag: '"1"',
    'www-authenticate': 'Bearer error="insufficient_scope"',
  });
});

test('addresses of the API become paths of ours; others stay', () => {
  const headers = new Headers({
    location: 'https://api.example/api/todos/1',
    link: '<https://api.example/api/todos?cursor=2>; rel="next", <https://docs.example/>; rel="help"',
  });
  expect(browserHeaders(headers, 'https://api.example')).toEqual({
    location: '/api/todos/1',
    link: '</api/todos?cursor=2>; rel="next", <https://docs.example/>; rel="help"',
  });
});

import { expect, test } from 'vitest';
import { readCredentials } from './credentials.ts';
import { factsOf } from './request-facts.ts';

const read = (...authorization: string[]) =>
  readCredentials(
    { rawHeaders: ['Host', 'x', ...authorization.flatMap((value) => ['AUTHORIZATION', value])], url: '/' },
    false,
  );

test.each(['Bearer t', 'bearer t', 'BEARER t', '  Bearer   t  ', 'Bearer\tt'])('F3, F4: the token of "%s"', (value) => {
  expect(read(value)).toEqual({ scheme: 'bearer', token: 't' });
});

test.each([[], [''], ['Basic dTpw'], ['Bearerx t'], ['DPoP t'], ['Non-existent x']])(
  'S17, F2: %j carries no bearer token',
  (...values) => {
    expect(read(...values)).toBeUndefined();
  },
);

test.each([['Bearer'], ['Bearer a b'], ['Bearer a', 'Bearer a'], ['Basic a', 'Bearer a']])(
  '%j is malformed',
  (...values) => {
    expect(read(...values)).toMatchObject({ status: 400, error: 'invalid_request' });
  },
);

test.each(['/?a=1&access_token=t', '/?access%5Ftoken', '/?%61ccess_token=', '/?a&access_token=t'])(
  'a token in the query string of %s is malformed',
  (url) => {
    expect(readCredentials({ rawHeaders: [], url }, false)).toMatchObject({ status: 400, error: 'invalid_request' });
  },
);

test('what only looks like a credential is none', () => {
  const rawHeaders = ['X', 'authorization', 'Y', 'Bearer t', 'Authorization2', 'Bearer t'];
  expect(readCredentials({ rawHeaders, url: '/access_token?token=t&a=%20' }, false)).toBeUndefined();
});

test.each(['Bearer,x', 'Bearer="x"', 'Bearer:x', 'bearer\u00a0x', 'Basic a, Bearer x', 'Basic a,Bearer x'])(
  'what was meant as a credential is not taken for none: %j',
  (value) => {
    expect(read(value)).toMatchObject({ status: 400, error: 'invalid_request' });
  },
);

test('the scheme DPoP counts where it is in use', () => {
  const rawHeaders = ['authorization', 'dpop t'];
  expect(readCredentials({ rawHeaders }, true)).toEqual({ scheme: 'dpop', token: 't' });
  expect(readCredentials({ rawHeaders }, false)).toBeUndefined();
});

test('a token longer than any is refused before anybody reads it', () => {
  expect(read(`Bearer ${'x'.repeat(16_385)}`)).toMatchObject({ status: 401, error: 'invalid_token' });
});

test('the headers of a Fetch API request count alike, also where it has joined two', () => {
  const request = (value: string) => factsOf(new Request('https://x/y?a=1', { headers: { authorization: value } }));
  expect(readCredentials(request('Bearer t'), false)).toEqual({ scheme: 'bearer', token: 't' });
  expect(readCredentials(request('Bearer a, Bearer b'), false)).toMatchObject({ status: 400 });
  expect(request('Bearer t')).toMatchObject({ method: 'GET', url: '/y?a=1' });
});

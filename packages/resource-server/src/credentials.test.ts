import { expect, test } from 'vitest';
import { readBearerToken } from './credentials.ts';

const read = (...authorization: string[]) =>
  readBearerToken({
    rawHeaders: ['Host', 'x', ...authorization.flatMap((value) => ['AUTHORIZATION', value])],
    url: '/',
  });

test.each(['Bearer t', 'bearer t', 'BEARER t', '  Bearer   t  ', 'Bearer\tt'])('F3, F4: the token of "%s"', (value) => {
  expect(read(value)).toBe('t');
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

test('a token in the query string is malformed, a header value that looks like a name is not', () => {
  expect(readBearerToken({ rawHeaders: [], url: '/?a=1&access_token=t' })).toMatchObject({ error: 'invalid_request' });
  expect(
    readBearerToken({ rawHeaders: ['X', 'authorization', 'Y', 'Bearer t'], url: '/access_token' }),
  ).toBeUndefined();
});

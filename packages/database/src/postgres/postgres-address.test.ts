import { expect, test } from 'vitest';
import { addressWithin } from './postgres-address.ts';

test.each([
  ['postgres://ann:secret@db:5432/town', 'postgres://ann:secret@db:5432/town?options=-c+search_path%3Dtodos'],
  [
    'postgresql://db/town?sslmode=verify-full&options=-c%20work_mem%3D8MB',
    'postgresql://db/town?sslmode=verify-full&options=-c+work_mem%3D8MB+-c+search_path%3Dtodos',
  ],
  [
    'postgres://ann@/town?host=/run/postgresql',
    'postgres://ann@/town?host=%2Frun%2Fpostgresql&options=-c+search_path%3Dtodos',
  ],
  ['postgres://ann@%2Frun%2Fpostgresql/town', 'postgres://ann@%2Frun%2Fpostgresql/town?options=-c+search_path%3Dtodos'],
])('%s is looked at within one schema', (url, expected) => {
  expect(addressWithin('todos', url)).toBe(expected);
});

test.each(['', 'Todos', '1st', 'a-b', 'public, secret', 'a -c role=admin', 'a"b', 'x'.repeat(64)])(
  'a schema is not called %j',
  (schema) => {
    expect(() => addressWithin(schema, 'postgres://db/town')).toThrow('cannot be the name of a schema');
  },
);

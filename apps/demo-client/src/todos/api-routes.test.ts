import { expect, test } from 'vitest';
import { apiMethods } from './api-routes.ts';

test('what the app does at the API is allowed', () => {
  expect(apiMethods('/api/todos')).toEqual(['GET', 'HEAD', 'POST']);
  expect(apiMethods('/api/todos/0198a3c2-7b1e-7000-8000-000000000000')).toEqual(['GET', 'HEAD', 'PATCH', 'DELETE']);
  expect(apiMethods('/api/admin/todos/1')).toEqual(['DELETE']);
});

test.each([
  '/api/',
  '/api/todos/',
  '/api/todos/1/',
  '/api/todos/1/2',
  '/api/todos/..',
  '/api/todos/%2e%2e',
  '/api/todos/a%2Fb',
  `/api/todos/${'x'.repeat(65)}`,
  '/API/todos',
  '/mcp',
  '/metrics',
  '/api/admin',
  '/api/todos\n',
])('%j is no place where this app goes', (path) => {
  expect(apiMethods(path)).toEqual([]);
});

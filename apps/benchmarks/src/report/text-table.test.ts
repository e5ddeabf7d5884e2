import { expect, test } from 'vitest';
import { textTable } from './text-table.ts';

test('cells stand under one another', () => {
  const rows = [
    ['scenario', 'bare', ''],
    ['jwks', '12,000', 'reached'],
  ];
  expect(textTable(rows)).toBe('scenario    bare\njwks      12,000  reached');
});

import { expect, test } from 'vitest';
import { readTraceParent, writeTraceParent } from './trace-parent.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test.each([
  [`00-${traceId}-${spanId}-01`, true],
  [`00-${traceId}-${spanId}-00`, false],
  [`00-${traceId}-${spanId}-ff`, true],
  [`00-${traceId}-${spanId}-02`, false],
  [`01-${traceId}-${spanId}-01`, true],
  [`cc-${traceId}-${spanId}-01-what-the-future-is-like`, true],
])('%s is read, whatever flags and later versions add', (header, sampled) => {
  expect(readTraceParent(header)).toEqual({ traceId, spanId, sampled });
});

test.each([
  '',
  'garbage',
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-1`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId}-${spanId}-01 `,
  `01-${traceId}-${spanId}-01.more`,
  `ff-${traceId}-${spanId}-01`,
  `0-${traceId}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${traceId.slice(1)}-${spanId}-01`,
  `00-${traceId}-${spanId}0-01`,
  `00_${traceId}_${spanId}_01`,
  // Two headers, as Node joins them.
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
])('"%s" is no traceparent', (header) => {
  expect(readTraceParent(header)).toBeUndefined();
});

test('what is written is version 00, with the one flag that it knows', () => {
  expect(writeTraceParent({ traceId, spanId, sampled: true })).toBe(`00-${traceId}-${spanId}-01`);
  expect(writeTraceParent({ traceId, spanId, sampled: false })).toBe(`00-${traceId}-${spanId}-00`);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { acceptanceTable, cellOf } from './acceptance-table.ts';
import { namedIn, namedTests, rowsIn } from './named-tests.ts';
import { rows } from './rows.ts';
import { playwrightRuns, vitestRuns } from './test-reports.ts';

const tests = namedTests();
const page = readFileSync(new URL('../../docs/acceptance.md', import.meta.url), 'utf8');

test('each row has a test that names it, or says why not yet', () => {
  const named = new Set(tests.flatMap((each) => each.rows));
  expect(rows.filter(({ id, notYet }) => !named.has(id) && notYet === undefined)).toEqual([]);
  expect(rows.filter(({ id, notYet }) => named.has(id) && notYet !== undefined)).toEqual([]);
});

test('no test names a row that there is not', () => {
  const known = new Set(rows.map(({ id }) => id));
  expect(tests.filter((each) => each.rows.some((id) => !known.has(id)))).toEqual([]);
});

test('the page has each row, and no test that is gone', () => {
  const lines = page.split('\n').filter((line) => /^\| [SF]\d/.test(line));
  expect(lines.map((line) => line.split(' ')[1])).toEqual(rows.map(({ id }) => id));
  const known = new Set(tests.map(cellOf));
  const listed = lines
    .flatMap((line) => (line.split(/(?<!\\) \| /)[2] ?? '').split('<br>'))
    .filter((cell) => cell !== '');
  expect(listed.filter((cell) => !known.has(cell))).toEqual([]);
  expect(lines.filter((line) => / \*\*[^|]*\*\* \|$/.test(line))).toEqual([]);
});

test('rows are read from the beginning of a name, alone, listed, or from one to another', () => {
  expect(rowsIn('S1: x')).toEqual(['S1']);
  expect(rowsIn('claims S23, F6: x')).toEqual(['S23', 'F6']);
  expect(rowsIn('S26, F17–F20: x')).toEqual(['S26', 'F17', 'F18', 'F19', 'F20']);
  expect(rowsIn('about S1 and F2')).toEqual([]);
  expect(namedIn(`test('S1, S2: it\\'s', …); test.each([["F3: \`x\`", 1]])`)).toEqual([
    { title: "it's", rows: ['S1', 'S2'] },
    { title: '`x`', rows: ['F3'] },
  ]);
});

test('a run is counted by row: with each value, and each failure', () => {
  const name = `${new URL('../..', import.meta.url).pathname}test/x.test.ts`;
  const results = ['passed', 'failed', 'skipped'].map((status) => ({ fullName: 'S1: x', status }));
  const spec = { title: 'S2: y', file: 'y.spec.ts', ok: true, tests: [{ status: 'expected' }] };
  const rootDir = new URL('../../e2e', import.meta.url).pathname;
  const suites = [{ specs: [], suites: [{ specs: [spec, { ...spec, tests: [{ status: 'skipped' }] }] }] }];
  const runs = [
    ...vitestRuns({ testResults: [{ name, assertionResults: results }] }),
    ...playwrightRuns({ suites, config: { rootDir } }),
  ];
  expect(runs.map(({ file, passed }) => [file, passed])).toEqual([
    ['test/x.test.ts', true],
    ['test/x.test.ts', false],
    ['e2e/y.spec.ts', true],
  ]);
  const table = acceptanceTable([{ file: 'test/x.test.ts', title: 'a | b', rows: ['S1'] }], runs, '2026-01-01');
  expect(table).toMatch('| `test/x.test.ts`: a \\| b | **1 of 2 failed** |');
  expect(table).toMatch(/\| S2 \|.*\| 1 passed \|/);
});

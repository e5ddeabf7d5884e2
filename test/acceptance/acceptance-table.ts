import type { NamedTest } from './named-tests.ts';
import { type Row, rows, systemRows } from './rows.ts';

/** One test that ran: with each of its values, in each project, it is one of its own. */
export interface TestRun {
  readonly file: string;
  readonly rows: readonly string[];
  readonly passed: boolean;
}

/** The table as Markdown: row, tests, result. */
export function acceptanceTable(tests: readonly NamedTest[], runs: readonly TestRun[], day: string): string {
  const lines = rows.map((row) => lineOf(row, tests, runs));
  return `${[
    '# What must hold, and the tests that show it',
    '',
    'S1 to S45 say what an API, its authorization server and its client must do; they were gathered from courses on the',
    "security of FastAPI, and from FastAPI's own documentation. F1 to F24 are what FastAPI's tests of its security assert,",
    'translated. Each row has tests that name it; `npm run acceptance` runs them and writes this page, and the suite',
    'fails when a row has none. A test that runs with several values, or on both databases, counts each time.',
    '',
    `Last run: ${day}.`,
    '',
    ...heading,
    ...lines.slice(0, systemRows),
    '',
    ...heading,
    ...lines.slice(systemRows),
  ].join('\n')}\n`;
}

const heading = ['| Row | What | Tests | Result |', '|---|---|---|---|'];

function lineOf({ id, words, notYet }: Row, tests: readonly NamedTest[], runs: readonly TestRun[]): string {
  const naming = tests.filter((test) => test.rows.includes(id));
  const ran = runs.filter((run) => run.rows.includes(id));
  const cells = [id, words, naming.map(cellOf).join('<br>'), resultOf(ran, notYet)];
  return `| ${cells.join(' | ')} |`;
}

/** The text of a test as the table has it. */
export function cellOf({ file, title }: Pick<NamedTest, 'file' | 'title'>): string {
  return `\`${file}\`: ${title.replaceAll('|', '\\|').replaceAll('<', '&lt;')}`;
}

function resultOf(ran: readonly TestRun[], notYet: string | undefined): string {
  if (ran.length === 0) return notYet === undefined ? '**not run**' : `not yet: ${notYet}`;
  const failed = ran.filter(({ passed }) => !passed).length;
  return failed === 0 ? `${ran.length} passed` : `**${failed} of ${ran.length} failed**`;
}

import { relative, resolve } from 'node:path';
import type { TestRun } from './acceptance-table.ts';
import { rowsIn } from './named-tests.ts';

const root = new URL('../..', import.meta.url).pathname;

/** What Vitest's reporter `json` writes, as far as it is read. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What Playwright's reporter `json` writes, as far as it is read. */
export interface PlaywrightReport {
  readonly suites: readonly Suite[];
  readonly config: { readonly rootDir: string };
}

interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs: readonly {
    readonly title: string;
    readonly file: string;
    readonly ok: boolean;
    readonly tests: readonly { readonly status: string }[];
  }[];
}

export function vitestRuns({ testResults }: VitestReport): TestRun[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status }) => ({
        file: relative(root, name),
        rows: rowsIn(fullName),
        passed: status === 'passed',
      })),
  );
}

export function playwrightRuns({ suites, config }: PlaywrightReport): TestRun[] {
  return suites.flatMap((suite) => suiteRuns(suite, config.rootDir));
}

function suiteRuns({ suites = [], specs }: Suite, folder: string): TestRun[] {
  const own = specs
    .filter(({ tests }) => tests.some(({ status }) => status !== 'skipped'))
    .map(({ title, file, ok }) => ({ file: relative(root, resolve(folder, file)), rows: rowsIn(title), passed: ok }));
  return [...own, ...suites.flatMap((each) => suiteRuns(each, folder))];
}

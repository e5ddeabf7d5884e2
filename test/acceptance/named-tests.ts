import { globSync, readFileSync } from 'node:fs';

/** A test that says in its name which rows it shows: `S21, S22: …`, `F17–F20: …`. */
export interface NamedTest {
  /** From the project's root. */
  readonly file: string;
  /** As it stands in the source, without the rows. */
  readonly title: string;
  readonly rows: readonly string[];
}

const root = new URL('../..', import.meta.url).pathname;
const places = ['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'e2e/*.spec.ts'];
const ids = String.raw`[SF]\d+(?:–[SF]?\d+)?`;
const literal = new RegExp(String.raw`(['"\`])((?:${ids}(?:, )?)+): ((?:\\.|(?!\1).)+)\1`, 'g');

/** Read from the source, so that it takes no run to know them. */
export function namedTests(): NamedTest[] {
  const files = globSync(places, { cwd: root }).toSorted();
  return files
    .filter((file) => !file.startsWith('test/acceptance/'))
    .flatMap((file) => namedIn(readFileSync(`${root}/${file}`, 'utf8')).map((test) => ({ file, ...test })));
}

export function namedIn(source: string): Omit<NamedTest, 'file'>[] {
  return [...source.matchAll(literal)].map(([, , named = '', title = '']) => ({
    title: title.replaceAll(/\\(['"`])/g, '$1'),
    rows: rowsIn(`${named}: `),
  }));
}

/** The rows at the beginning of a name, or of the part of it after its groups' names. */
export function rowsIn(name: string): readonly string[] {
  const [, found = ''] = new RegExp(`(?:^| )((?:${ids}(?:, )?)+): `).exec(name) ?? [];
  return found === '' ? [] : found.split(', ').flatMap(range);
}

function range(text: string): string[] {
  const [letter = '', first, last] = [text.charAt(0), ...text.replaceAll(/[SF]/g, '').split('–').map(Number)] as const;
  const from = first ?? 0;
  return Array.from({ length: (last ?? from) - from + 1 }, (_, index) => `${letter}${from + index}`);
}

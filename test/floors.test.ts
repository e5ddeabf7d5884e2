import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { beforeAll, expect, test } from 'vitest';
import { allowed, circles, refused } from './floors/planted-imports.ts';

/*
 * The floors of the house are the linter's to guard. Here each of its rules is shown to refuse: a tree of planted
 * imports is linted under the project's own configuration.
 */

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

const complaints = new Map<string, string[]>();

beforeAll(async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-floors-'));
  mkdirSync(join(folder.path, 'test/floors'), { recursive: true });
  for (const name of ['biome.json', '.gitignore', 'test/floors/testing-door.grit']) {
    copyFileSync(resolveFromRoot(name), join(folder.path, name));
  }
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder.path, file)), { recursive: true });
    writeFileSync(join(folder.path, file), text);
  };
  for (const { file, from } of [...allowed, ...refused.flatMap(({ plants }) => plants)]) {
    write(file, `import type { Planted } from '${from}';\n\nexport type Grown = Planted;\n`);
  }
  for (const [file, text] of Object.entries(circles)) write(file, text);

  for (const { category, message, location } of await lint(folder.path)) {
    complaints.set(location.path, [...(complaints.get(location.path) ?? []), `${category}: ${message}`]);
  }
});

function lint(folder: string): Promise<readonly Diagnostic[]> {
  const options = ['lint', '--reporter=json', '--max-diagnostics=none'];
  const limits = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  const { promise, resolve } = Promise.withResolvers<readonly Diagnostic[]>();
  execFile(resolveFromRoot('node_modules/.bin/biome'), options, limits, (_, report) => {
    resolve((JSON.parse(report) as { diagnostics: Diagnostic[] }).diagnostics);
  });
  return promise;
}

test.each(refused)('refused is $floor', ({ says, plants }) => {
  for (const { file, from } of plants) {
    const expected = expect.stringMatching(`^(lint/style/noRestrictedImports|plugin): .*${says}`);
    expect(complaints.get(file) ?? [], `${file} imports ${from}`).toContainEqual(expected);
  }
});

test('what runs one way down is allowed', () => {
  for (const { file, from } of allowed) expect(complaints.get(file), `${file} imports ${from}`).toBeUndefined();
});

test('refused is a circle: by value, by type alone, and by way of a third room', () => {
  for (const file of Object.keys(circles)) {
    expect(complaints.get(file), file).toEqual([expect.stringMatching('^lint/suspicious/noImportCycles')]);
  }
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('nothing of the picture is loaded, unless the settings ask for it', () => {
  const source = join(import.meta.dirname, '..');
  const files = globSync('**/*.ts', { cwd: source, exclude: ['flow/**', '**/*.test.ts'] });
  const imports = files.flatMap((file) =>
    (
      readFileSync(join(source, file), 'utf8').match(
        /^.*(?:from|import)\b.*['"](?:@latchkey\/(?:flow-reports|demo-clock)|.*\/flow\/).*$/gm,
      ) ?? []
    )
      .filter((line) => !line.startsWith('import type '))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(imports).toEqual([expect.stringMatching(/^main\.ts: : \(await import\('\.\/flow\/flow\.ts'\)\)/)]);
});

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What a built file imports from elsewhere, by package, itself or through its neighbours. Node's own modules are `node:*`.
 *
 * @param kind which of its two faces: the program, or the declarations
 */
export function packagesBehind(file: string, kind: '.js' | '.d.ts'): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const specifier of importsOf(readFileSync(next, 'utf8'))) {
      if (specifier.startsWith('.')) waiting.push(join(dirname(next), specifier.replace(/\.(js|ts)$/, kind)));
      else packages.add(packageOf(specifier));
    }
  }
  return packages;
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, and both forms of `import('x')`. */
function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:^|[;\s])(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/gm);
  return [...found].map(([, , specifier = '']) => specifier);
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:*';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

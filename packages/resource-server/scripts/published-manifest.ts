/** Of a manifest, what the published one changes. */
interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

const ours = ['scripts', 'devDependencies'];

/** The manifest as others install it: its entries lead to what was built, and what only this workspace needs is gone. */
export function publishedManifest(manifest: Manifest): Manifest {
  const entries = Object.entries(manifest.exports).map(([entry, source]) => [entry, builtEntry(source)]);
  const kept = Object.entries(manifest).filter(([member]) => !ours.includes(member));
  return { ...Object.fromEntries(kept), exports: Object.fromEntries(entries) };
}

/** `types` comes first, since the first condition that fits is taken. */
function builtEntry(source: string): Record<string, string> {
  const built = source.replace('./src/', './dist/');
  return { types: built.replace(/\.ts$/, '.d.ts'), default: built.replace(/\.ts$/, '.js') };
}

import type { OutageListener } from '../unavailable.ts';

/** Writes down what it is told of outages. */
export function outageDiary(): OutageListener & { readonly entries: readonly string[] } {
  const entries: string[] = [];
  return {
    entries,
    lost(error) {
      entries.push(`lost: ${error.message}`);
    },
    back(afterMs) {
      entries.push(afterMs >= 0 ? 'back' : `back before it was lost: ${afterMs}`);
    },
  };
}

import type { Reference } from '../presented-exchange.ts';
import { referenceTo } from './reference.ts';

/** Why something is there, in one line, and where it is written. */
export type Explanation = readonly [why: string, source: string];

/** NOTE: whoever sends chooses the names: `constructor` is one as well. */
export function explanationOf(
  known: Readonly<Record<string, Explanation>>,
  name: string,
): { readonly why?: string; readonly rfc?: Reference } {
  const [why, source] = (Object.hasOwn(known, name) ? known[name] : undefined) ?? [];
  return why === undefined || source === undefined ? {} : { why, rfc: referenceTo(source) };
}

import type { ExpressionBuilder } from 'kysely';
import type { TodosTables } from './todos-tables.ts';

/** What must be so for a change to happen, asked in the same statement that makes it: nothing comes in between. */
export interface Precondition {
  /** The todo's revision is one of these. */
  readonly oneOf?: readonly string[];
  /** It is none of these; `any`: there is no todo, so that nothing could be changed. */
  readonly noneOf?: readonly string[] | 'any';
}

export function meets(eb: ExpressionBuilder<TodosTables, 'todos'>, { oneOf, noneOf }: Precondition) {
  const never = noneOf === 'any' || oneOf?.length === 0;
  return eb.and([
    ...(never ? [eb.lit(false)] : []),
    ...(oneOf?.length ? [eb('revision', 'in', padded(oneOf))] : []),
    ...(noneOf?.length && noneOf !== 'any' ? [eb('revision', 'not in', padded(noneOf))] : []),
  ]);
}

/** NOTE: lists of any length would make statements without number, and each is kept prepared. */
function padded(revisions: readonly string[]): string[] {
  const [first = ''] = revisions;
  const length = 2 ** Math.ceil(Math.log2(revisions.length));
  return [...revisions, ...Array.from({ length: length - revisions.length }, () => first)];
}

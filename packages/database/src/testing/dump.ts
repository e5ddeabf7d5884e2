import { sql } from 'kysely';
import type { Database } from '../open-database.ts';

export interface DumpedValue {
  /** `table.column` */
  readonly place: string;
  readonly value: string;
}

/** All that a database holds, whichever engine it is: what somebody takes away who steals it. */
export async function dumpOf<Tables>({ query }: Database<Tables>): Promise<DumpedValue[]> {
  const found: DumpedValue[] = [];
  for (const { schema, name } of await query.introspection.getTables()) {
    const table = sql.table(schema === undefined ? name : `${schema}.${name}`);
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${table}`.execute(query);
    for (const row of rows) {
      for (const [column, value] of Object.entries(row))
        found.push({ place: `${name}.${column}`, value: String(value) });
    }
  }
  return found;
}

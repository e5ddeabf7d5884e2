import { openTables } from '../../apps/authorization-server/src/tables.ts';
import type { Town } from './town.ts';

export interface AuditEvent {
  readonly name: string;
  readonly account_id: string | null;
  readonly client_id: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What the server has recorded under a name, the oldest first. It writes beside its answers: ask until it is there. */
export async function auditTrail(town: Town, name: string): Promise<AuditEvent[]> {
  await using tables = await openTables(town.settings);
  const rows = await tables.query
    .selectFrom('audit_events')
    .select(['name', 'account_id', 'client_id', 'detail'])
    .where('name', '=', name)
    .orderBy('occurred_at')
    .execute();
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}

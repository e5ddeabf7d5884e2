import type { TablesDatabase } from '../tables.ts';

/** Work that one replica does for all of them: whoever holds the lease, until it ends or its holder lets go. */
export interface Lease {
  /** Takes it, or keeps it. @returns whether this replica holds it for the next `ms` milliseconds */
  hold(ms: number): Promise<boolean>;
  release(): Promise<void>;
}

export function createLease({ query }: TablesDatabase, name: string): Lease {
  const holder = crypto.randomUUID();
  return {
    async hold(ms) {
      const now = Date.now();
      const { numInsertedOrUpdatedRows = 0n } = await query
        .insertInto('leases')
        .values({ name, holder, ends_at: now + ms })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder, ends_at: now + ms })
            .where((row) => row.or([row('leases.holder', '=', holder), row('leases.ends_at', '<=', now)])),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows > 0n;
    },
    async release() {
      await query.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
    },
  };
}

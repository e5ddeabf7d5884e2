/**
 * The engine's artifacts at rest: codes, tokens, grants, interactions. It owns how they are found without being
 * readable, and that each is spent once; what they mean belongs to the provider. Sessions are next door.
 */
import type { Keyring } from '../keys/keyring.ts';
import type { TablesDatabase } from '../tables.ts';

export type Payload = Record<string, unknown>;

export interface StoredArtifact {
  readonly payload: Payload;
  /** When it was spent, in epoch milliseconds. */
  readonly consumedAt: number | undefined;
}

export interface Placement {
  /** Seconds until it may be forgotten; undefined for what lives until it is removed. */
  readonly expiresIn: number | undefined;
  /** The grant that it falls with. */
  readonly grantId?: string | undefined;
  /** A second key to find it by, such as a device flow's user code. */
  readonly lookup?: string | undefined;
}

export interface Artifacts {
  find(model: string, id: string): Promise<StoredArtifact | undefined>;
  findByLookup(model: string, lookup: string): Promise<StoredArtifact | undefined>;
  /** Writes or overwrites; that an artifact was spent is never forgotten by writing it again. */
  save(model: string, id: string, payload: Payload, placement: Placement): Promise<void>;
  /** Writes only what is not there yet. @returns whether it was new */
  insertOnce(model: string, id: string, payload: Payload, placement: Placement): Promise<boolean>;
  /** Marks as spent, in the database itself. @returns false for all but the first, in whatever process */
  consume(model: string, id: string): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  destroyByGrant(model: string, grantId: string): Promise<void>;
  /** Forgets what has run out, at most `limit` rows. @returns how many */
  sweep(limit: number): Promise<number>;
}

/** Kept a little past its end, since the engine tolerates clocks that differ and reports reuse of what has just expired. */
const keptAfterExpiryMs = 60_000;

export function createArtifacts({ query }: TablesDatabase, keyring: Keyring): Artifacts {
  const idHash = (model: string, id: string) => keyring.digest('artifact-lookup', 'id', model, id);
  const grantHash = (grantId: string) => keyring.digest('artifact-lookup', 'grant', grantId);
  const lookupHash = (model: string, lookup: string) => keyring.digest('artifact-lookup', 'lookup', model, lookup);

  const open = (row: { id_hash: string; sealed: string; consumed_at: number | null }): StoredArtifact => ({
    payload: JSON.parse(keyring.open('artifact-seal', row.id_hash, row.sealed)),
    consumedAt: row.consumed_at ?? undefined,
  });

  const rowOf = (model: string, id: string, payload: Payload, { expiresIn, grantId, lookup }: Placement) => {
    const id_hash = idHash(model, id);
    return {
      id_hash,
      model,
      sealed: keyring.seal('artifact-seal', id_hash, JSON.stringify(payload)),
      grant_hash: grantId === undefined ? null : grantHash(grantId),
      lookup_hash: lookup === undefined ? null : lookupHash(model, lookup),
      consumed_at: null,
      expires_at: expiresIn === undefined ? null : Date.now() + expiresIn * 1000,
    };
  };

  return {
    async find(model, id) {
      const row = await query
        .selectFrom('artifacts')
        .select(['id_hash', 'sealed', 'consumed_at'])
        .where('id_hash', '=', idHash(model, id))
        .executeTakeFirst();
      return row && open(row);
    },
    async findByLookup(model, lookup) {
      const row = await query
        .selectFrom('artifacts')
        .select(['id_hash', 'sealed', 'consumed_at'])
        .where('lookup_hash', '=', lookupHash(model, lookup))
        .executeTakeFirst();
      return row && open(row);
    },
    async save(model, id, payload, placement) {
      const { id_hash, consumed_at, ...values } = rowOf(model, id, payload, placement);
      await query
        .insertInto('artifacts')
        .values({ id_hash, consumed_at, ...values })
        .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(values))
        .execute();
    },
    async insertOnce(model, id, payload, placement) {
      const { numInsertedOrUpdatedRows = 0n } = await query
        .insertInto('artifacts')
        .values(rowOf(model, id, payload, placement))
        .onConflict((conflict) => conflict.column('id_hash').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows > 0n;
    },
    async consume(model, id) {
      const { numUpdatedRows } = await query
        .updateTable('artifacts')
        .set({ consumed_at: Date.now() })
        .where('id_hash', '=', idHash(model, id))
        .where('consumed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async destroy(model, id) {
      await query.deleteFrom('artifacts').where('id_hash', '=', idHash(model, id)).execute();
    },
    async destroyByGrant(model, grantId) {
      await query
        .deleteFrom('artifacts')
        .where('grant_hash', '=', grantHash(grantId))
        .where('model', '=', model)
        .execute();
    },
    async sweep(limit) {
      const { numDeletedRows } = await query
        .deleteFrom('artifacts')
        .where('id_hash', 'in', (expired) =>
          expired
            .selectFrom('artifacts')
            .select('id_hash')
            .where('expires_at', '<', Date.now() - keptAfterExpiryMs)
            .limit(limit),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

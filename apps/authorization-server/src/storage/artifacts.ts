/**
 * The engine's artifacts at rest: codes, tokens, grants, interactions. It owns how they are found without being
 * readable, and that each is spent once; what they mean belongs to the provider. Sessions are next door.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Keyring } from '../keys/keyring.ts';
import type { Tables, TablesDatabase } from '../tables.ts';
import { remembered, rememberingOpener } from './remembered.ts';

export type Payload = Record<string, unknown>;

export interface StoredArtifact {
  readonly payload: Payload;
  /** When it was spent, in epoch milliseconds. */
  readonly consumedAt: number | undefined;
  /** What it was spent with, as whoever spent it said. */
  readonly spentWith: string | undefined;
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
  /** A grant, as long as its session and client have it. */
  findGrant(id: string): Promise<StoredArtifact | undefined>;
  /** Writes or overwrites; that an artifact was spent is never forgotten by writing it again. */
  save(
    model: string,
    id: string,
    payload: Payload,
    placement: Placement,
    transaction?: Transaction<Tables>,
  ): Promise<void>;
  /** Writes only what is not there yet. @returns whether it was new */
  insertOnce(model: string, id: string, payload: Payload, placement: Placement): Promise<boolean>;
  /** Marks as spent, in the database itself. @returns false for all but the first, in whatever process */
  consume(model: string, id: string, spentWith?: string): Promise<boolean>;
  destroy(model: string, id: string, transaction?: Transaction<Tables>): Promise<void>;
  destroyByGrant(model: string, grantId: string): Promise<void>;
  /** Forgets what has run out, at most `limit` rows. @returns how many */
  sweep(limit: number): Promise<number>;
}

/** Kept a little past its end, since the engine tolerates clocks that differ and reports reuse of what has just expired. */
const keptAfterExpiryMs = 60_000;

export function createArtifacts({ query, prepare }: TablesDatabase, keyring: Keyring): Artifacts {
  const idHash = (model: string, id: string) => keyring.digest('artifact-lookup', 'id', model, id);
  const grantIdHash = remembered(5_000, (grantId) => idHash('Grant', grantId));
  const grantHash = remembered(5_000, (grantId) => keyring.digest('artifact-lookup', 'grant', grantId));
  const openGrant = rememberingOpener(keyring, 2_000);
  const lookupHash = (model: string, lookup: string) => keyring.digest('artifact-lookup', 'lookup', model, lookup);

  const open = (row: StoredRow): StoredArtifact => ({
    payload: JSON.parse(keyring.open('artifact-seal', row.id_hash, row.sealed)),
    consumedAt: row.consumed_at ?? undefined,
    spentWith: row.spent_with ?? undefined,
  });

  const rowOf = (model: string, id: string, payload: Payload, { expiresIn, grantId, lookup }: Placement): NewRow => {
    const id_hash = idHash(model, id);
    return {
      id_hash,
      model,
      sealed: keyring.seal('artifact-seal', id_hash, JSON.stringify(payload)),
      grant_hash: grantId === undefined ? null : grantHash(grantId),
      lookup_hash: lookup === undefined ? null : lookupHash(model, lookup),
      expires_at: expiresIn === undefined ? null : Date.now() + expiresIn * 1000,
    };
  };

  const columns = ['id_hash', 'sealed', 'consumed_at', 'spent_with'] as const;
  const byId = prepare(({ id_hash }: { id_hash: string }) =>
    query.selectFrom('artifacts').select(columns).where('id_hash', '=', id_hash),
  );
  const livingGrant = prepare(({ id_hash, grant_id }: { id_hash: string; grant_id: string }) =>
    query
      .selectFrom('artifacts')
      .select(columns)
      .where('id_hash', '=', id_hash)
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('session_grants').select('grant_id').where('grant_id', '=', grant_id)),
      ),
  );
  const byLookup = prepare(({ lookup_hash }: { lookup_hash: string }) =>
    query.selectFrom('artifacts').select(columns).where('lookup_hash', '=', lookup_hash),
  );
  const upserting = (
    database: Kysely<Tables>,
    { id_hash, model, sealed, grant_hash, lookup_hash, expires_at }: NewRow,
  ) =>
    database
      .insertInto('artifacts')
      .values({ id_hash, model, sealed, grant_hash, lookup_hash, expires_at })
      .onConflict((conflict) =>
        conflict.column('id_hash').doUpdateSet({ sealed, grant_hash, lookup_hash, expires_at }),
      );
  const upsert = prepare((row: NewRow) => upserting(query, row));
  const insert = prepare(({ id_hash, model, sealed, grant_hash, lookup_hash, expires_at }: NewRow) =>
    query
      .insertInto('artifacts')
      .values({ id_hash, model, sealed, grant_hash, lookup_hash, expires_at })
      .onConflict((conflict) => conflict.column('id_hash').doNothing()),
  );
  const spend = prepare(
    ({ id_hash, consumed_at, spent_with }: { id_hash: string; consumed_at: number; spent_with: string | null }) =>
      query
        .updateTable('artifacts')
        .set({ consumed_at, spent_with })
        .where('id_hash', '=', id_hash)
        .where('consumed_at', 'is', null),
  );
  const removing = (database: Kysely<Tables>, { id_hash }: { id_hash: string }) =>
    database.deleteFrom('artifacts').where('id_hash', '=', id_hash);
  const remove = prepare((row: { id_hash: string }) => removing(query, row));
  const removeByGrant = prepare(({ grant_hash, model }: { grant_hash: string; model: string }) =>
    query.deleteFrom('artifacts').where('grant_hash', '=', grant_hash).where('model', '=', model),
  );

  return {
    async find(model, id) {
      const [row] = (await byId({ id_hash: idHash(model, id) })).rows;
      return row && open(row);
    },
    async findGrant(id) {
      const [row] = (await livingGrant({ id_hash: grantIdHash(id), grant_id: id })).rows;
      if (!row) return undefined;
      const payload = JSON.parse(openGrant(row.id_hash, row.sealed));
      return { payload, consumedAt: undefined, spentWith: undefined };
    },
    async findByLookup(model, lookup) {
      const [row] = (await byLookup({ lookup_hash: lookupHash(model, lookup) })).rows;
      return row && open(row);
    },
    async save(model, id, payload, placement, transaction) {
      const row = rowOf(model, id, payload, placement);
      await (transaction ? upserting(transaction, row).execute() : upsert(row));
    },
    async insertOnce(model, id, payload, placement) {
      return (await insert(rowOf(model, id, payload, placement))).changed > 0;
    },
    async consume(model, id, spentWith) {
      const spending = { id_hash: idHash(model, id), consumed_at: Date.now(), spent_with: spentWith ?? null };
      return (await spend(spending)).changed > 0;
    },
    async destroy(model, id, transaction) {
      const row = { id_hash: idHash(model, id) };
      await (transaction ? removing(transaction, row).execute() : remove(row));
    },
    async destroyByGrant(model, grantId) {
      await removeByGrant({ grant_hash: grantHash(grantId), model });
    },
    async sweep(limit) {
      const before = Date.now() - keptAfterExpiryMs;
      const { numDeletedRows } = await query
        .deleteFrom('artifacts')
        .where('id_hash', 'in', (expired) =>
          expired.selectFrom('artifacts').select('id_hash').where('expires_at', '<', before).limit(limit),
        )
        // NOTE: asked of the row once more, which another replica may have renewed while it was waited for.
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

interface StoredRow {
  readonly id_hash: string;
  readonly sealed: string;
  readonly consumed_at: number | null;
  readonly spent_with: string | null;
}

type NewRow = {
  readonly id_hash: string;
  readonly model: string;
  readonly sealed: string;
  readonly grant_hash: string | null;
  readonly lookup_hash: string | null;
  readonly expires_at: number | null;
};

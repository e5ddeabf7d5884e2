import type { Transaction } from 'kysely';
import type { Keyring } from '../keys/keyring.ts';
import type { Tables, TablesDatabase } from '../tables.ts';
import { remembered, rememberingOpener } from './remembered.ts';
import { mergeSessions, type SessionPayload } from './session-merge.ts';

/*
 * The engine reads a whole session, works, and writes it all back under a new cookie id. Two tabs that do so at once
 * would split the session in two or lose one. Here a session is one row for its uid, every cookie id is an alias that
 * leads to it, writes are merged, and a session that has ended stays ended:
 *
 *   - a new alias does not drop the old one at once: the browser may keep either answer's cookie
 *   - when an alias is presented, those older than it are retired, and lead on for ten seconds for what is under way
 *   - when the account changes, all older aliases go at once (session fixation)
 *   - a tab that has not seen the newer sign-in of another account neither undoes it nor gets a way into it
 */
const retiredAliasLivesMs = 10_000;

export interface Sessions {
  find(id: string): Promise<SessionPayload | undefined>;
  findByUid(uid: string): Promise<SessionPayload | undefined>;
  /** @param expiresIn seconds */
  save(id: string, payload: SessionPayload, expiresIn: number): Promise<void>;
  end(uid: string): Promise<void>;
  /** Ends every session of a person. */
  endAllOf(accountId: string): Promise<void>;
  sweep(limit: number): Promise<number>;
}

export function createSessions({ query, prepare, transact }: TablesDatabase, keyring: Keyring): Sessions {
  const idHash = (id: string) => keyring.digest('artifact-lookup', 'session', id);
  const uidHash = remembered(5_000, (uid) => keyring.digest('artifact-lookup', 'session-uid', uid));
  const accountHash = (accountId: string) => keyring.digest('artifact-lookup', 'session-account', accountId);

  const openRow = rememberingOpener(keyring, 2_000);
  const open = (uid_hash: string, sealed: string): SessionPayload => JSON.parse(openRow(uid_hash, sealed));

  const byUid = prepare(({ uid_hash, now }: { uid_hash: string; now: number }) =>
    query
      .selectFrom('sessions')
      .select('sealed')
      .where('uid_hash', '=', uid_hash)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now),
  );
  const byAlias = prepare(({ id_hash, now }: { id_hash: string; now: number }) =>
    query
      .selectFrom('session_aliases as alias')
      .innerJoin('sessions', 'sessions.uid_hash', 'alias.uid_hash')
      .select(['sessions.uid_hash', 'sessions.sealed', 'alias.generation', 'alias.retired_at'])
      .select(({ exists, selectFrom }) =>
        exists(
          selectFrom('session_aliases as older')
            .select('older.id_hash')
            .whereRef('older.uid_hash', '=', 'alias.uid_hash')
            .whereRef('older.generation', '<', 'alias.generation')
            .where('older.retired_at', 'is', null),
        ).as('outdates'),
      )
      .where('alias.id_hash', '=', id_hash)
      .where('sessions.ended_at', 'is', null)
      .where('sessions.expires_at', '>', now),
  );

  const endRows = async (transaction: Transaction<Tables>, hashes: readonly string[]) => {
    if (hashes.length === 0) return;
    await transaction
      .updateTable('sessions')
      .set({ ended_at: Date.now(), sealed: null })
      .where('uid_hash', 'in', hashes)
      .execute();
    await transaction.deleteFrom('session_aliases').where('uid_hash', 'in', hashes).execute();
  };

  const retireBefore = async (uid_hash: string, generation: number) => {
    await query
      .updateTable('session_aliases')
      .set({ retired_at: Date.now() })
      .where('uid_hash', '=', uid_hash)
      .where('generation', '<', generation)
      .where('retired_at', 'is', null)
      .execute();
  };

  return {
    async find(id) {
      const now = Date.now();
      const [alias] = (await byAlias({ id_hash: idHash(id), now })).rows;
      if (!alias?.sealed) return undefined;
      const { uid_hash, sealed, generation, retired_at, outdates } = alias;
      if (retired_at !== null && retired_at < now - retiredAliasLivesMs) return undefined;

      const payload = open(uid_hash, sealed);
      if (retired_at !== null) return payload;
      if (outdates) await retireBefore(uid_hash, generation);
      return { ...payload, jti: id };
    },
    async findByUid(uid) {
      const uid_hash = uidHash(uid);
      const [row] = (await byUid({ uid_hash, now: Date.now() })).rows;
      return row?.sealed ? open(uid_hash, row.sealed) : undefined;
    },
    async save(id, payload, expiresIn) {
      const uid_hash = uidHash(payload.uid);
      const id_hash = idHash(id);
      const now = Date.now();
      await transact(async (transaction) => {
        const row = await transaction
          .selectFrom('sessions')
          .selectAll()
          .where('uid_hash', '=', uid_hash)
          .executeTakeFirst();
        if (row?.ended_at) return;

        const existing = row?.sealed ? open(uid_hash, row.sealed) : undefined;
        if (existing && existing.accountId !== payload.accountId && signedInAt(existing) > signedInAt(payload)) return;

        const merged = existing ? mergeSessions(existing, payload) : payload;
        const values = {
          sealed: keyring.seal('artifact-seal', uid_hash, JSON.stringify(merged)),
          account_hash: merged.accountId === undefined ? null : accountHash(merged.accountId),
          expires_at: now + expiresIn * 1000,
        };
        await transaction
          .insertInto('sessions')
          .values({ uid_hash, ended_at: null, ...values })
          .onConflict((conflict) => conflict.column('uid_hash').doUpdateSet(values))
          .execute();

        const outdated = transaction.deleteFrom('session_aliases').where('uid_hash', '=', uid_hash);
        if (existing && existing.accountId !== payload.accountId) {
          await outdated.where('id_hash', '<>', id_hash).execute();
        } else {
          await outdated.where('retired_at', '<', now - retiredAliasLivesMs).execute();
        }
        const { newest } = await transaction
          .selectFrom('session_aliases')
          .select(({ fn }) => fn.max('generation').as('newest'))
          .where('uid_hash', '=', uid_hash)
          .executeTakeFirstOrThrow();
        await transaction
          .insertInto('session_aliases')
          .values({ id_hash, uid_hash, generation: (newest ?? 0) + 1, retired_at: null })
          .onConflict((conflict) => conflict.column('id_hash').doNothing())
          .execute();
      });
    },
    async end(uid) {
      await transact((transaction) => endRows(transaction, [uidHash(uid)]));
    },
    async endAllOf(accountId) {
      await transact(async (transaction) => {
        const rows = await transaction
          .selectFrom('sessions')
          .select('uid_hash')
          .where('account_hash', '=', accountHash(accountId))
          .where('ended_at', 'is', null)
          .execute();
        await endRows(
          transaction,
          rows.map(({ uid_hash }) => uid_hash),
        );
      });
    },
    async sweep(limit) {
      const now = Date.now();
      const { numDeletedRows } = await query
        .deleteFrom('sessions')
        .where('uid_hash', 'in', (expired) =>
          expired.selectFrom('sessions').select('uid_hash').where('expires_at', '<', now).limit(limit),
        )
        // NOTE: asked of the row once more, which another replica may have renewed while it was waited for.
        .where('expires_at', '<', now)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function signedInAt({ loginTs }: SessionPayload): number {
  return loginTs ?? 0;
}

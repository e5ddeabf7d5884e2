/**
 * Who is signed in: the session's row, the cookie that leads to it, and how it ends. Getting and renewing tokens belongs
 * to `sign-in/` and `tokens/`; here they are only kept, sealed.
 */
import { randomBytes } from 'node:crypto';
import type { DpopKey } from '../issuer/dpop-keys.ts';
import type { RefreshMode } from '../settings.ts';
import type { DemoClientDatabase, SessionsTable } from '../tables.ts';
import { lookupKey, seal, unseal } from './sealing.ts';
import type { SessionKeys } from './session-key.ts';

export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** When the answer came in, epoch milliseconds: lifetimes count from here, whatever the server's clock says. */
  readonly receivedAt: number;
  /** Seconds; undefined when the server did not say. */
  readonly expiresIn: number | undefined;
  /** API scopes that the access token carries. */
  readonly granted: readonly string[];
}

export interface Person {
  readonly sub: string;
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly email: string | undefined;
}

export interface SessionContent {
  readonly person: Person;
  readonly tokens: TokenSet;
  /** API scopes that were asked for; what of them is not granted was refused. */
  readonly requested: readonly string[];
  /** What the tokens are bound to (RFC 9449); undefined for tokens that are not. */
  readonly dpopKey?: DpopKey | undefined;
}

export interface Session extends SessionContent {
  /** The row's id: a digest, useless as a cookie. */
  readonly id: string;
  /** Grows with each set of tokens. */
  readonly version: number;
  readonly lease: { readonly endsAt: number } | undefined;
  /** When its tokens are renewed: what the person has chosen, or what the operator has set. */
  readonly refreshMode: RefreshMode;
  readonly idleEndsAt: number;
  readonly endsAt: number;
}

const minute = 60_000;
/** How long a session that another tab has replaced still answers what that tab's browser had asked before. */
const retiredMs = 10_000;

/** Milliseconds: after the last visit, and after the sign-in however busy it was. */
export interface SessionLifetimes {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

export type Sessions = ReturnType<typeof createSessions>;

export interface SessionsOptions {
  readonly database: DemoClientDatabase;
  readonly keys: SessionKeys;
  readonly lifetimes: SessionLifetimes;
  /** Of sessions whose person has chosen none. */
  readonly refreshMode: RefreshMode;
  readonly now: () => number;
}

export function createSessions(options: SessionsOptions) {
  const {
    database: { query },
    keys,
    lifetimes: { idleMs, absoluteMs },
    now,
  } = options;
  const idOf = (cookie: string) => lookupKey(keys.lookup, 'session', cookie);
  const hashOf = (kind: 'sub' | 'sid', value: string) => lookupKey(keys.lookup, kind, value);
  const place = (id: string) => `sessions ${id}`;

  function fromRow(row: SessionsTable | undefined): Session | undefined {
    if (!row) return undefined;
    const content = unseal(keys.seal, place(row.id_hash), row.sealed) as SessionContent | undefined;
    if (!content) return undefined;
    return {
      ...content,
      id: row.id_hash,
      version: row.version,
      lease: row.lease_ends_at === null ? undefined : { endsAt: row.lease_ends_at },
      refreshMode: row.refresh_mode ?? options.refreshMode,
      idleEndsAt: row.idle_ends_at,
      endsAt: row.ends_at,
    };
  }

  async function read(id: string): Promise<Session | undefined> {
    const row = await query
      .selectFrom('sessions')
      .selectAll()
      .where('id_hash', '=', id)
      .where('idle_ends_at', '>', now())
      .where('ends_at', '>', now())
      .executeTakeFirst();
    return fromRow(row);
  }

  async function end(id: string): Promise<void> {
    await query.deleteFrom('sessions').where('id_hash', '=', id).execute();
  }

  return {
    idOf,
    read,
    end,

    /** Starts a session under an id that nobody has seen before; answers with the value for the cookie. */
    async start(content: SessionContent, sid: string | undefined): Promise<string> {
      const cookie = randomBytes(32).toString('base64url');
      const id = idOf(cookie);
      const at = now();
      await query
        .insertInto('sessions')
        .values({
          id_hash: id,
          sub_hash: hashOf('sub', content.person.sub),
          sid_hash: sid === undefined ? null : hashOf('sid', sid),
          sealed: seal(keys.seal, place(id), content),
          version: 1,
          lease: null,
          lease_ends_at: null,
          refresh_mode: null,
          created_at: at,
          idle_ends_at: at + idleMs,
          ends_at: at + absoluteMs,
        })
        .execute();
      return cookie;
    },

    /** Somebody is there: the idle time starts again. Written at most once a minute. */
    async touch(session: Session): Promise<void> {
      const idleEndsAt = now() + idleMs;
      if (idleEndsAt - session.idleEndsAt < minute) return;
      await query
        .updateTable('sessions')
        .set({ idle_ends_at: idleEndsAt })
        .where('id_hash', '=', session.id)
        .where('idle_ends_at', '<', idleEndsAt)
        .execute();
    },

    async chooseRefreshMode({ id }: Session, mode: RefreshMode): Promise<void> {
      await query.updateTable('sessions').set({ refresh_mode: mode }).where('id_hash', '=', id).execute();
    },

    /** Another session of the same browser has taken its place: it ends in ten seconds. */
    async retire(id: string): Promise<void> {
      const endsAt = now() + retiredMs;
      await query
        .updateTable('sessions')
        .set({ ends_at: endsAt })
        .where('id_hash', '=', id)
        .where('ends_at', '>', endsAt)
        .execute();
    },

    /** Signing out: ends the session, and every other that came of the same session at the authorization server. */
    async endWithSiblings(id: string): Promise<void> {
      await query
        .deleteFrom('sessions')
        .where((row) =>
          row.or([
            row('id_hash', '=', id),
            row('sid_hash', '=', row.selectFrom('sessions').select('sid_hash').where('id_hash', '=', id)),
          ]),
        )
        .execute();
    },

    /** Back-channel logout: ends the one session with this `sid`, or every session of the person. */
    async endByLogout({ sub, sid }: { sub: string | undefined; sid: string | undefined }): Promise<number> {
      if (sub === undefined && sid === undefined) return 0;
      let statement = query.deleteFrom('sessions');
      if (sid !== undefined) statement = statement.where('sid_hash', '=', hashOf('sid', sid));
      if (sub !== undefined) statement = statement.where('sub_hash', '=', hashOf('sub', sub));
      const { numDeletedRows } = await statement.executeTakeFirst();
      return Number(numDeletedRows);
    },

    /** Takes the right to renew this version's tokens, unless somebody holds it or was faster. */
    async takeLease({ id, version }: Session, holder: string, ms: number): Promise<boolean> {
      const { numUpdatedRows } = await query
        .updateTable('sessions')
        .set({ lease: holder, lease_ends_at: now() + ms })
        .where('id_hash', '=', id)
        .where('version', '=', version)
        .where((row) => row.or([row('lease_ends_at', 'is', null), row('lease_ends_at', '<=', now())]))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    /** Holds the lease for longer, while the work lasts. */
    async keepLease({ id }: Session, holder: string, ms: number): Promise<void> {
      await query
        .updateTable('sessions')
        .set({ lease_ends_at: now() + ms })
        .where('id_hash', '=', id)
        .where('lease', '=', holder)
        .execute();
    },

    async giveBackLease({ id }: Session, holder: string): Promise<void> {
      await query
        .updateTable('sessions')
        .set({ lease: null, lease_ends_at: null })
        .where('id_hash', '=', id)
        .where('lease', '=', holder)
        .execute();
    },

    /**
     * Puts new tokens in the place of this version's, which also ends the lease. The version alone decides: whoever
     * held the lease too long loses to who was faster, and nothing newer is ever overwritten.
     *
     * @returns false when the session has ended or holds newer tokens
     */
    async replaceTokens({ id, version, person, requested, dpopKey }: Session, tokens: TokenSet): Promise<boolean> {
      const content: SessionContent = { person, requested, dpopKey, tokens };
      const { numUpdatedRows } = await query
        .updateTable('sessions')
        .set({
          sealed: seal(keys.seal, place(id), content),
          version: version + 1,
          lease: null,
          lease_ends_at: null,
        })
        .where('id_hash', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    /** Ends the session if it still holds this version's tokens. */
    async endVersion({ id, version }: Session): Promise<void> {
      await query.deleteFrom('sessions').where('id_hash', '=', id).where('version', '=', version).execute();
    },

    /** Deletes what has expired. */
    async sweep(): Promise<void> {
      await query
        .deleteFrom('sessions')
        .where((row) => row.or([row('idle_ends_at', '<=', now()), row('ends_at', '<=', now())]))
        .execute();
    },
  };
}

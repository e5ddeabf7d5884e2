import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { DpopKey } from '../issuer/dpop-keys.ts';
import { lookupKey, seal, unseal } from '../session/sealing.ts';
import type { SessionKeys } from '../session/session-key.ts';
import type { DemoClientDatabase } from '../tables.ts';
import type { PendingAction } from './pending-action.ts';

/** What must be remembered between our redirect and the callback. */
export interface SignIn {
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly scopes: readonly string[];
  readonly returnTo: string;
  /** Row id of the session that the new one takes the place of. */
  readonly replaces: string | undefined;
  readonly dpopKey?: DpopKey | undefined;
  /** Seconds: how long ago the person may have signed in, where that was asked for. */
  readonly maxAge?: number | undefined;
  /** Only a question whether this person is still signed in there: nobody is to be signed in by it. */
  readonly check?: { readonly sub: string } | undefined;
  /** What was refused for lack of what is asked for now, and is to be done afterwards. */
  readonly action?: PendingAction | undefined;
  /** Whose action it is, by their `sub`: whoever else signs in does not carry it out. */
  readonly actor?: string | undefined;
}

export interface SignIns {
  /** Remembers a sign-in under its `state`, and ties it to this browser. */
  begin(ctx: Context, state: string, signIn: SignIn): Promise<void>;
  /** Once only, and only for the browser that began it. */
  take(ctx: Context, state: string): Promise<SignIn | undefined>;
  sweep(): Promise<void>;
}

export interface SignInsOptions {
  readonly database: DemoClientDatabase;
  readonly keys: SessionKeys;
  readonly publicUrl: string;
  readonly now: () => number;
}

const lifetimeMs = 10 * 60_000;
/** Tabs that may be signing in at once. Each has a cookie, and too many would make every request too large. */
const mostAtOnce = 5;

/**
 * The row holds the secrets, a cookie of its own per sign-in ties it to the browser, so several tabs do not disturb one
 * another. `SameSite=Lax`, since the callback is a navigation that another site starts.
 */
export function createSignIns({ database: { query }, keys, publicUrl, now }: SignInsOptions): SignIns {
  const https = publicUrl.startsWith('https:');
  const prefix = `${https ? '__Host-' : ''}latchkey_demo_sign_in_`;
  const attributes = { httpOnly: true, sameSite: 'lax', secure: https, path: '/' } as const;
  // A digest of the state serves as the row's id and, shortened, as the cookie's name: it gives nothing away.
  const idOf = (state: string) => lookupKey(keys.lookup, 'sign-in', state);
  const cookieName = (id: string) => `${prefix}${id.slice(0, 16)}`;
  const bindingOf = (secret: string) => lookupKey(keys.lookup, 'sign-in binding', secret);
  const place = (id: string) => `sign_ins ${id}`;

  function forget(ctx: Context, name: string): void {
    ctx.cookies.secure = https;
    ctx.cookies.set(name, '', { ...attributes, expires: new Date(0) });
  }

  /** Cookies whose sign-in is over are dropped, and the oldest of those that are too many. */
  async function makeRoom(ctx: Context): Promise<void> {
    const held = cookieNames(ctx).filter((name) => name.startsWith(prefix));
    if (held.length === 0) return;
    const bindings = new Map(held.map((name) => [bindingOf(ctx.cookies.get(name) ?? ''), name]));
    const rows = await query
      .selectFrom('sign_ins')
      .select(['binding_hash'])
      .where('binding_hash', 'in', [...bindings.keys()].slice(0, 100))
      .where('ends_at', '>', now())
      .orderBy('created_at', 'desc')
      .limit(mostAtOnce - 1)
      .execute();
    const kept = new Set(rows.map((row) => bindings.get(row.binding_hash)));
    for (const name of held) if (!kept.has(name)) forget(ctx, name);
  }

  return {
    async begin(ctx, state, signIn) {
      await makeRoom(ctx);
      const id = idOf(state);
      const secret = randomBytes(32).toString('base64url');
      const at = now();
      await query
        .insertInto('sign_ins')
        .values({
          id_hash: id,
          binding_hash: bindingOf(secret),
          sealed: seal(keys.seal, place(id), signIn),
          created_at: at,
          ends_at: at + lifetimeMs,
        })
        .execute();
      ctx.cookies.secure = https;
      ctx.cookies.set(cookieName(id), secret, { ...attributes, maxAge: lifetimeMs });
    },

    async take(ctx, state) {
      const id = idOf(state);
      const secret = ctx.cookies.get(cookieName(id));
      if (secret === undefined) return undefined;
      forget(ctx, cookieName(id));
      // Deleting is what consumes it, so that of two callbacks at once only one goes on.
      const row = await query
        .deleteFrom('sign_ins')
        .where('id_hash', '=', id)
        .where('binding_hash', '=', bindingOf(secret))
        .where('ends_at', '>', now())
        .returningAll()
        .executeTakeFirst();
      return row && (unseal(keys.seal, place(id), row.sealed) as SignIn | undefined);
    },

    async sweep() {
      await query.deleteFrom('sign_ins').where('ends_at', '<=', now()).execute();
    },
  };
}

function cookieNames(ctx: Context): string[] {
  return ctx
    .get('Cookie')
    .split(';')
    .map((pair) => pair.split('=', 1)[0]?.trim() ?? '');
}

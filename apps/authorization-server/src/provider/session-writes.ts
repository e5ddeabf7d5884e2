import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';

/** An end that has moved by less than this, in seconds, is not worth a write. */
const notableMove = 10 * 60;

const found = Symbol('what the session was when it was found');

type Found = Session & { [found]?: { readonly content: string; readonly exp: number } };

/**
 * The engine writes the session back at every authorization, though mostly nothing but its end has moved, by seconds in
 * fourteen days. Such a write is left out; whoever changes anything, another cookie id included, writes as before.
 */
export function writeSessionsWhenTheyMove({ Session: Model }: Provider): void {
  const { instantiate } = Model as unknown as { instantiate(payload?: object): Session };
  Object.assign(Model, {
    instantiate(this: typeof Model, payload?: object) {
      const session: Found = instantiate.call(this, payload);
      if (payload && 'exp' in payload) {
        Object.defineProperty(session, found, { value: { content: contentOf(session), exp: session.exp } });
      }
      return session;
    },
  });

  const { save } = Model.prototype;
  Model.prototype.save = async function saveSession(this: Found & { oldId?: string }, ttl: number) {
    const before = this[found];
    const moved = before === undefined ? Number.POSITIVE_INFINITY : Date.now() / 1000 + ttl - before.exp;
    const same = before !== undefined && this.oldId === undefined && before.content === contentOf(this);
    return same && Math.abs(moved) < notableMove ? '' : save.call(this, ttl);
  };
}

function contentOf(session: Session): string {
  const { uid, jti, accountId, loginTs, acr, amr, state, authorizations } = session;
  const { transient } = session as { transient?: boolean };
  return JSON.stringify([uid, jti, accountId, loginTs, acr, amr, transient, state, authorizations]);
}

import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Clients } from '../clients/clients.ts';
import type { SessionPayload } from '../storage/session-merge.ts';
import type { Sessions } from '../storage/sessions.ts';

/** What the engine stores, but a subject of the house keeps: clients and sessions. */
export function clientAdapter(clients: Clients): Adapter {
  return {
    ...unsupported,
    async find(id) {
      const stored = await clients.stored(id);
      return stored && { ...stored };
    },
    // NOTE: who updates a client was let in before its request had come to an end, and it may have been removed since.
    async upsert(id, payload) {
      if (Provider.ctx?.oidc.route !== 'client_update') return clients.store(id, { ...payload });
      if (!(await clients.replace(id, { ...payload }))) throw new errors.InvalidToken('client was removed meanwhile');
      return undefined;
    },
    async destroy(id) {
      await clients.remove(id);
    },
  };
}

export function sessionAdapter(sessions: Sessions): Adapter {
  return {
    ...unsupported,
    find: (id) => sessions.find(id) as Promise<AdapterPayload | undefined>,
    findByUid: (uid) => sessions.findByUid(uid) as Promise<AdapterPayload | undefined>,
    async upsert(id, payload, expiresIn) {
      if (expiresIn === undefined) throw new TypeError('a session needs an end');
      await sessions.save(id, payload as SessionPayload, expiresIn);
    },
    // NOTE: the engine calls this for the old cookie id when it hands out a new one. Aliases retire by themselves; the
    // end of a session comes through the override of Session#destroy.
    async destroy() {},
  };
}

const never = async (): Promise<never> => {
  throw new TypeError('this model is not stored that way');
};

const unsupported: Adapter = {
  find: never,
  findByUid: never,
  findByUserCode: never,
  upsert: never,
  consume: never,
  destroy: never,
  revokeByGrantId: never,
};

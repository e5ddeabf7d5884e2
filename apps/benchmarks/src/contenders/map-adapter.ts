import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/**
 * The cheapest store that there can be: a Map for each model, in which everything happens at once and nothing is ever
 * written down. Clients live in it too, as those do that register themselves.
 */
export function createMapAdapter(clients: Readonly<Record<string, AdapterPayload>>): AdapterFactory {
  const stores = new Map<string, Map<string, AdapterPayload>>([['Client', new Map(Object.entries(clients))]]);

  return (model): Adapter => {
    const store = stores.get(model) ?? new Map<string, AdapterPayload>();
    stores.set(model, store);
    const byUid = new Map<string, string>();
    const search = (matches: (payload: AdapterPayload) => boolean) => [...store.values()].find(matches);
    return {
      async upsert(id, payload) {
        store.set(id, payload);
        if (model === 'Session' && payload.uid !== undefined) byUid.set(payload.uid, id);
      },
      find: async (id) => store.get(id),
      findByUid: async (uid) => store.get(byUid.get(uid) ?? ''),
      findByUserCode: async (userCode) => search((payload) => payload.userCode === userCode),
      async consume(id) {
        const payload = store.get(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        store.delete(id);
      },
      async revokeByGrantId(grantId) {
        for (const [id, payload] of store) if (payload.grantId === grantId) store.delete(id);
      },
    };
  };
}

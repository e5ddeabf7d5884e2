import type { Adapter, AdapterPayload } from 'oidc-provider';

/** One server's artifacts in a map, so that a story can look at them and take them away. */
export function createMemory() {
  const rows = new Map<string, AdapterPayload>();
  const key = (model: string, id: string) => `${model} ${id}`;

  function forget(matches: (key: string, payload: AdapterPayload) => boolean): void {
    for (const [name, payload] of rows) if (matches(name, payload)) rows.delete(name);
  }

  function adapter(model: string): Adapter {
    return {
      upsert: async (id, payload) => void rows.set(key(model, id), payload),
      find: async (id) => rows.get(key(model, id)),
      findByUid: async (uid) => [...rows.values()].find((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => [...rows.values()].find((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const payload = rows.get(key(model, id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void rows.delete(key(model, id)),
      revokeByGrantId: async (grantId) =>
        forget((name, payload) => name.startsWith(`${model} `) && payload.grantId === grantId),
    };
  }

  return { adapter, forgetAll: (model: string) => forget((name) => name.startsWith(`${model} `)) };
}

import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';
import type { Clients } from '../clients/clients.ts';

/**
 * Checking a client's metadata takes longer than all the rest of a token request. The engine remembers a hundred
 * clients by a digest of their metadata; here every client is remembered for as long as its stored metadata is the same.
 */
export function rememberClients({ Client: Model }: Provider, clients: Clients): void {
  const checked = new WeakMap<object, Client>();
  const { find } = Model;
  Model.find = async function findClient(id: string) {
    const stored = typeof id === 'string' && id !== '' ? await clients.stored(id) : undefined;
    const known = stored && checked.get(stored);
    if (known) return known;
    const client = await find.call(this, id);
    if (stored && client) checked.set(stored, client);
    return client;
  };
}

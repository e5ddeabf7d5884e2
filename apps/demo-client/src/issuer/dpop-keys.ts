import { type CryptoKey, exportJWK, importJWK, type JWK } from 'jose';
import * as oidc from 'openid-client';

/** The private key of one sign-in and of the session that comes of it, as JWK: to be kept sealed. */
export type DpopKey = JWK;

/** RFC 9449: keys that tokens are bound to, so that whoever steals a token cannot use it. */
export interface DpopKeys {
  /** A key for a new sign-in; undefined where tokens are not bound. */
  create(): Promise<DpopKey | undefined>;
  /** What makes proofs with this key. Nonces of servers are remembered with it, in this process. */
  proofs(configuration: oidc.Configuration, key: DpopKey | undefined): Promise<oidc.DPoPHandle | undefined>;
}

const algorithm = 'ES256';
/** A nonce that was forgotten costs one more request, and no more. */
const mostRemembered = 1_000;

/** @param enabled whether new sign-ins get a key; sessions that have one already keep it */
export function createDpopKeys(enabled: boolean): DpopKeys {
  const remembered = new Map<string, oidc.DPoPHandle>();

  return {
    async create() {
      if (!enabled) return undefined;
      const { privateKey } = await oidc.randomDPoPKeyPair(algorithm, { extractable: true });
      return exportJWK(privateKey);
    },

    async proofs(configuration, key) {
      if (!key) return undefined;
      const name = `${key.x}.${key.y}`;
      const known = remembered.get(name);
      if (known) return known;
      const handle = oidc.getDPoPHandle(configuration, await keyPair(key));
      const [oldest] = remembered.keys();
      if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
      remembered.set(name, handle);
      return handle;
    },
  };
}

async function keyPair({ d, ...publicJwk }: DpopKey): Promise<oidc.CryptoKeyPair> {
  return {
    privateKey: (await importJWK({ ...publicJwk, d } as JWK, algorithm)) as CryptoKey,
    // Each proof carries it.
    publicKey: (await importJWK(publicJwk, algorithm, { extractable: true })) as CryptoKey,
  };
}

/**
 * The keys that sign tokens: made at the first start, stored sealed, published without their private half. Which token
 * is signed with which algorithm is the provider's business.
 */

import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';
import { KeyMismatchError } from './data-key.ts';
import type { Keyring } from './keyring.ts';

/** ES256 signs by default; RS256 is there for clients that know nothing else (OpenID Connect Core, section 15.1). */
const algorithms = ['ES256', 'RS256'] as const;

/** @returns private JWKs, the one that signs by default first */
export async function loadSigningKeys(query: Kysely<Tables>, keyring: Keyring): Promise<JWK[]> {
  const keys: JWK[] = [];
  for (const algorithm of algorithms) {
    const row = (await current(query, algorithm)) ?? (await create(query, keyring, algorithm));
    keys.push(JSON.parse(opened(keyring, row)));
  }
  return keys;
}

function opened(keyring: Keyring, { kid, sealed }: { kid: string; sealed: string }): string {
  try {
    return keyring.open('signing-key-seal', kid, sealed);
  } catch {
    throw new KeyMismatchError();
  }
}

function current(query: Kysely<Tables>, algorithm: string) {
  return query
    .selectFrom('signing_keys')
    .selectAll()
    .where('algorithm', '=', algorithm)
    .where('state', '=', 'current')
    .executeTakeFirst();
}

/** Of two servers that start at once, one insert wins and both use its key. */
async function create(query: Kysely<Tables>, keyring: Keyring, algorithm: string) {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
  const kid = crypto.randomUUID();
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' };
  await query
    .insertInto('signing_keys')
    .values({
      kid,
      algorithm,
      state: 'current',
      sealed: keyring.seal('signing-key-seal', kid, JSON.stringify(jwk)),
      created_at: Date.now(),
    })
    .onConflict((conflict) => conflict.columns(['algorithm', 'state']).doNothing())
    .execute();
  const row = await current(query, algorithm);
  if (!row) throw new Error(`no ${algorithm} signing key could be stored`);
  return row;
}

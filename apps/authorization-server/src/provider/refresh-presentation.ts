import { calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { words } from '../clients/registration-rules.ts';
import type { Presentation } from './refresh-rotation.ts';

/** How this request presents a refresh token; undefined if it is not a refresh, or its client is not known. */
export async function presentationOf(ctx: KoaContextWithOIDC): Promise<Presentation | undefined> {
  const { client, params, route } = ctx.oidc;
  if (route !== 'token' || params?.grant_type !== 'refresh_token' || !client) return undefined;
  return {
    clientId: client.clientId,
    jkt: await keyNamedBy(ctx.get('DPoP')),
    scope: words(params.scope),
    resource: [params.resource].flat().filter((each): each is string => typeof each === 'string' && each !== ''),
  };
}

/**
 * The key that a proof names, whether the proof holds or not: the engine verifies it before anything is given for it,
 * and who names another key than the one before is not the one before.
 */
async function keyNamedBy(proof: string): Promise<string | undefined> {
  if (proof === '') return undefined;
  try {
    const { jwk } = decodeProtectedHeader(proof);
    return jwk && (await calculateJwkThumbprint(jwk));
  } catch {
    return undefined;
  }
}

import type {
  AccessToken,
  ClientCredentials,
  Account as EngineAccount,
  KoaContextWithOIDC,
  UnknownObject,
} from 'oidc-provider';
import type { Account, Accounts } from '../accounts/accounts.ts';
import type { GrantReferences } from './grant-references.ts';

/** How a person proved who they are: by password. RFC 8176 names the method, the class is ours. */
export const passwordAcr = 'urn:latchkey:acr:password';
export const passwordAmr = ['pwd'];

/** Which claims each scope opens (OpenID Connect Core, section 5.4). */
export const claimsByScope = {
  openid: ['sub'],
  profile: ['name', 'preferred_username'],
  email: ['email'],
};

/** The engine's lookup of a person: undefined for one who is gone or disabled, so that nothing more is issued. */
export function createAccountFinder(accounts: Accounts) {
  return async (_ctx: KoaContextWithOIDC, id: string): Promise<EngineAccount | undefined> => {
    const account = await accounts.find(id);
    return account && !account.disabled ? engineAccount(account) : undefined;
  };
}

function engineAccount({ id, name, username, email }: Account): EngineAccount {
  return {
    accountId: id,
    claims: () => ({ sub: id, name, preferred_username: username, email }),
  };
}

/**
 * When and how the person signed in, for APIs that ask for a recent sign-in (RFC 9068, section 2.2.1; RFC 9470), and
 * the sealed name of the grant, so that the token can be revoked although it is stored nowhere.
 */
export function accessTokenClaims(
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
  grantReferences: GrantReferences,
): UnknownObject | undefined {
  const { AuthorizationCode, RotatedRefreshToken, RefreshToken, DeviceCode } = ctx.oidc.entities;
  const source = AuthorizationCode ?? RotatedRefreshToken ?? RefreshToken ?? DeviceCode;
  if (!source || !('grantId' in token) || !token.resourceServer) return undefined;
  const { authTime, acr, amr } = source;
  const grant = token.grantId === undefined ? undefined : grantReferences.sealed(token.grantId);
  return { auth_time: authTime, acr, amr, grant };
}

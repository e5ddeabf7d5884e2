import Provider from 'oidc-provider';

/** Ends a grant and every token that came of it. */
export type RevokeFamily = (grantId: string | undefined) => Promise<void>;

export function createRevokeFamily(provider: Provider): RevokeFamily {
  return async (grantId) => {
    if (grantId === undefined) return;
    await Promise.all([
      provider.AccessToken.revokeByGrantId(grantId),
      provider.RefreshToken.revokeByGrantId(grantId),
      provider.AuthorizationCode.revokeByGrantId(grantId),
      provider.DeviceCode.revokeByGrantId(grantId),
      provider.Grant.adapter.destroy(grantId),
    ]);
    if (Provider.ctx) provider.emit('grant.revoked', Provider.ctx, grantId);
  };
}

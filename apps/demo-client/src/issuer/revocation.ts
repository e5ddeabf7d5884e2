import type { Logger } from '@latchkey/service';
import * as oidc from 'openid-client';
import type { Issuer } from './issuer.ts';

/** RFC 7009. What cannot be revoked now expires by itself: nobody is kept waiting or stopped by it. */
export async function revokeQuietly(issuer: Issuer, refreshToken: string | undefined, logger: Logger): Promise<void> {
  if (refreshToken === undefined) return;
  try {
    const configuration = await issuer.configuration();
    await oidc.tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' });
  } catch (error) {
    logger.warn({ err: error }, 'a refresh token could not be revoked');
  }
}

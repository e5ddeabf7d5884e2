import type { Logger } from '@latchkey/service';
import * as oidc from 'openid-client';
import { type Issuer, IssuerUnavailableError } from './issuer.ts';
import { isOutage } from './refusal.ts';

/**
 * RFC 7009. What cannot be revoked now expires by itself: nobody is stopped by it.
 *
 * @returns false when the authorization server turned out to be away
 */
export async function revokeQuietly(
  issuer: Issuer,
  refreshToken: string | undefined,
  logger: Logger,
): Promise<boolean> {
  if (refreshToken === undefined) return true;
  try {
    const configuration = await issuer.configuration();
    await oidc.tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' });
    return true;
  } catch (error) {
    logger.warn({ err: error }, 'a refresh token could not be revoked');
    return !(error instanceof IssuerUnavailableError || isOutage(error));
  }
}

import type { Logger } from '@latchkey/service';
import * as oidc from 'openid-client';
import { type Issuer, IssuerUnavailableError } from './issuer.ts';
import { isOutage } from './refusal.ts';

/** What is in force together: revoking one of them ends the grant, and so the others. */
interface Tokens {
  readonly refreshToken: string | undefined;
  readonly accessToken: string;
}

/**
 * RFC 7009. What cannot be revoked now expires by itself: nobody is stopped by it.
 *
 * @returns false when the authorization server turned out to be away
 */
export async function revokeQuietly(
  issuer: Issuer,
  { refreshToken, accessToken }: Tokens,
  logger: Logger,
): Promise<boolean> {
  try {
    const configuration = await issuer.configuration();
    await oidc.tokenRevocation(configuration, refreshToken ?? accessToken, {
      token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
    });
    return true;
  } catch (error) {
    logger.warn({ err: error }, 'tokens could not be revoked');
    return !(error instanceof IssuerUnavailableError || isOutage(error));
  }
}

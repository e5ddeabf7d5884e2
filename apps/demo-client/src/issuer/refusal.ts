import * as oidc from 'openid-client';

/**
 * The OAuth error code with which the authorization server refused, undefined when it was anything else: no answer, a
 * broken one, or one of ours.
 */
export function refusalCode(error: unknown): string | undefined {
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError) return error.error;
  // RFC 6749, section 5.2: a 401 of the token endpoint with a challenge means that it does not accept us as a client.
  if (error instanceof oidc.WWWAuthenticateChallengeError && error.status === 401) return 'invalid_client';
  return undefined;
}

/** Whether nobody answered, so that the same request may well succeed later. */
export function isOutage(error: unknown): boolean {
  if (error instanceof oidc.ResponseBodyError) return error.status >= 500;
  if (error instanceof oidc.WWWAuthenticateChallengeError || error instanceof oidc.AuthorizationResponseError)
    return false;
  if (error instanceof oidc.ClientError)
    return ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'].includes(
      error.code ?? '',
    );
  // NOTE: fetch reports every network failure as a TypeError with a cause.
  return error instanceof TypeError && error.cause !== undefined;
}

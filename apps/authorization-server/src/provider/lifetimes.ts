import type { Configuration } from 'oidc-provider';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A refresh token not used for so long is dead, in seconds. */
const refreshIdleLifetime = 14 * day;

/** From the first refresh token of a line to its end, however often it is rotated, in seconds. */
export const refreshChainLifetime = 180 * day;

/** A grant outlives each line that begins in it: whenever less than a whole line is left, it is renewed. */
export const grantLifetime = 2 * refreshChainLifetime;

const sessionLifetime = 14 * day;

/** How long a person may take over signing in and consent, in seconds. */
export const interactionLifetime = hour;

export const lifetimes: Configuration['ttl'] = {
  AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 5 * minute,
  AuthorizationCode: minute,
  ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 5 * minute,
  DeviceCode: 10 * minute,
  Grant: grantLifetime,
  IdToken: hour,
  Interaction: interactionLifetime,
  RefreshToken: (_ctx, token) => {
    const passed = Math.floor(Date.now() / 1000) - (token.iiat ?? Math.floor(Date.now() / 1000));
    return Math.max(1, Math.min(refreshIdleLifetime, refreshChainLifetime - passed));
  },
  RegistrationAccessToken: 365 * day,
  // NOTE: a session without a person only carries a form's secret.
  Session: (_ctx, session) => (session.accountId === undefined ? interactionLifetime : sessionLifetime),
};

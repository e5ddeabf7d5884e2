import { defineScopes } from './define-scopes.ts';

/** OpenID Connect Core 1.0, sections 5.4 and 11. */
export const openidScopes = defineScopes({
  openid: {
    description: 'Know that it is you',
    consequence: 'It recognises you when you come back. It does not see your password.',
    grantableBy: 'anyone',
  },
  profile: {
    description: 'See your name and username',
    consequence: 'It can greet you by name.',
    grantableBy: 'anyone',
  },
  email: {
    description: 'See your email address',
    consequence: 'It can write to you.',
    grantableBy: 'anyone',
  },
  offline_access: {
    description: 'Keep this access while you are away',
    consequence: 'It can go on after you sign out, until you take the access back.',
    grantableBy: 'anyone',
  },
});

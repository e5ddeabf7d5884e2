import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { Account, Accounts } from '../accounts/accounts.ts';
import { ownClientId } from './own-client.ts';

export interface SignedInPerson {
  readonly account: Account;
  /** Names the session; for forms' tokens. */
  readonly sessionUid: string;
}

/** Who is signed in at this browser, for the server's own pages. */
export interface OwnSessions {
  current(ctx: Context): Promise<SignedInPerson | undefined>;
  /** Where to send somebody who is not signed in; they come back to `/account`. */
  signInUrl(): string;
}

export function createOwnSessions(provider: Provider, accounts: Accounts, issuer: string): OwnSessions {
  return {
    async current(ctx) {
      const session = await provider.Session.get(ctx);
      const account = session.accountId === undefined ? undefined : await accounts.find(session.accountId);
      return account && !account.disabled ? { account, sessionUid: session.uid } : undefined;
    },
    signInUrl() {
      // NOTE: the code is never redeemed, so the verifier is thrown away: the session is all that the pages need.
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        client_id: ownClientId,
        response_type: 'code',
        redirect_uri: `${issuer}/account`,
        scope: 'openid',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      return `/authorize?${query}`;
    },
  };
}

/**
 * Tokens that are fit for use: when to renew, who renews, and what a refusal means. The rows belong to `session/`, and
 * what a token is used for to `todos/`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@latchkey/service';
import * as oidc from 'openid-client';
import type { DpopKeys } from '../issuer/dpop-keys.ts';
import { type Issuer, issuerTimeoutSeconds } from '../issuer/issuer.ts';
import { refusalCode } from '../issuer/refusal.ts';
import { revokeQuietly } from '../issuer/revocation.ts';
import type { Session, Sessions, TokenSet } from '../session/sessions.ts';
import { isDue, isExpired } from './refresh-decision.ts';
import { readTokenSet } from './token-set.ts';

type Renewed =
  | { readonly kind: 'fresh'; readonly session: Session }
  /** The person is signed out: the authorization server said so, here or in another process. */
  | { readonly kind: 'ended' }
  /** Nothing is known but that it did not work this time; the session stays. */
  | { readonly kind: 'unavailable' };

export interface Renewal {
  /** The session with a token that may be used now, renewed first when it is due. */
  usable(session: Session): Promise<Renewed>;
  /** The session with newer tokens than these. However many ask at once, one request goes out. */
  renew(session: Session): Promise<Renewed>;
}

export interface RenewalOptions {
  readonly sessions: Sessions;
  readonly issuer: Issuer;
  readonly dpopKeys: DpopKeys;
  readonly apiResource: string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Short, so that one that its holder took into death is soon free; who lives prolongs it while the request is out. */
const leaseMs = 4_000;
const keepLeaseMs = 1_000;
/** As long as a refresh may take, and then that of whoever comes after a dead holder. */
const waitMs = (2 * issuerTimeoutSeconds + 5) * 1000;
const lookAgainMs = 25;

export function createRenewal(options: RenewalOptions): Renewal {
  const { sessions, issuer, dpopKeys, apiResource, logger, now } = options;

  /**
   * Several processes share the rows, so the right to renew is a lease in the row. Who does not get it waits for the
   * row to change, and uses what the holder got.
   */
  async function renewOnce(stale: Session, patienceMs: number): Promise<Renewed> {
    const holder = randomUUID();
    const deadline = performance.now() + patienceMs;
    let waited = false;
    for (;;) {
      const current = await sessions.read(stale.id);
      if (!current) return { kind: 'ended' };
      if (current.version !== stale.version) return { kind: 'fresh', session: current };
      // A lease given back without new tokens: the holder has tried, and asking again at once would not help.
      if (waited && !current.lease) return { kind: 'unavailable' };
      if (await sessions.takeLease(current, holder, leaseMs)) return redeem(current, holder);
      waited = true;
      if (performance.now() >= deadline) return { kind: 'unavailable' };
      await delay(lookAgainMs);
    }
  }

  async function redeem(session: Session, holder: string): Promise<Renewed> {
    const { refreshToken } = session.tokens;
    if (refreshToken === undefined) {
      await sessions.endVersion(session);
      return { kind: 'ended' };
    }
    let tokens: TokenSet;
    const keeping = setInterval(() => void keepLease(session, holder), keepLeaseMs);
    try {
      tokens = await requestTokens(session, refreshToken);
    } catch (error) {
      const code = refusalCode(error);
      if (code === 'invalid_grant' || code === 'invalid_client') {
        logger.info({ error: code }, 'the refresh token was refused: the session ends');
        await sessions.endVersion(session);
        return resultInRow(session);
      }
      logger.warn({ err: error, error: code }, 'the tokens could not be renewed: the session stays');
      await sessions.giveBackLease(session, holder);
      return { kind: 'unavailable' };
    } finally {
      clearInterval(keeping);
    }
    if (await sessions.replaceTokens(session, tokens)) return resultInRow(session);

    const result = await resultInRow(session);
    // Signed out while the request was on its way: the new tokens must not outlive the session.
    if (result.kind === 'ended') await revokeQuietly(issuer, tokens, logger);
    return result;
  }

  /** NOTE: a lease that could not be prolonged ends, and somebody else tries too: the row takes the first answer only. */
  async function keepLease(session: Session, holder: string): Promise<void> {
    try {
      await sessions.keepLease(session, holder, leaseMs);
    } catch (error) {
      logger.warn({ err: error }, 'a lease on tokens could not be prolonged');
    }
  }

  async function requestTokens(session: Session, refreshToken: string): Promise<TokenSet> {
    const configuration = await issuer.configuration();
    const proofs = await dpopKeys.proofs(configuration, session.dpopKey);
    const bound = proofs ? { DPoP: proofs } : {};
    const response = await oidc.refreshTokenGrant(configuration, refreshToken, { resource: apiResource }, bound);
    // OpenID Connect Core 1.0, section 12.2: the ID token of a refresh speaks of the same person.
    const claims = response.claims();
    if (claims && claims.sub !== session.person.sub) throw new Error('the refresh answered with another person');
    return readTokenSet(response, { ...session.tokens, dpopKey: session.dpopKey }, now());
  }

  async function resultInRow({ id, version }: Session): Promise<Renewed> {
    const current = await sessions.read(id);
    return current && current.version !== version ? { kind: 'fresh', session: current } : { kind: 'ended' };
  }

  return {
    async usable(session) {
      if (!isDue(session.tokens, session.refreshMode, now())) return { kind: 'fresh', session };
      // While the old token still works, nobody waits for another's renewal, and a failed one harms nobody.
      const expired = isExpired(session.tokens, now());
      const renewed = await renewOnce(session, expired ? waitMs : 0);
      return renewed.kind === 'unavailable' && !expired ? { kind: 'fresh', session } : renewed;
    },
    renew: (session) => renewOnce(session, waitMs),
  };
}

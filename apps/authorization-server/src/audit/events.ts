/**
 * What happened, in one place: one function for each event writes the audit row, counts, and logs. Nothing here may
 * fail the request that it tells of, and no secret comes near it.
 */
import type { Logger } from '@latchkey/service';
import type { Kysely } from 'kysely';
import { Counter, type Registry } from 'prom-client';
import type { Tables } from '../tables.ts';

interface Subject {
  readonly accountId?: string | undefined;
  readonly clientId?: string | undefined;
}

export interface Events {
  signedIn(event: Subject & { readonly username: string }): void;
  /** The name is what was typed, which may be a password by mistake: it is not kept. */
  signInFailed(event: Subject & { readonly ip: string; readonly throttled: boolean }): void;
  consentGiven(event: Subject & { readonly granted: readonly string[]; readonly declined: readonly string[] }): void;
  consentDenied(event: Subject): void;
  consentWithdrawn(event: Subject): void;
  signedOut(event: Subject): void;
  /** All tokens of a grant ended at once: a revocation, or a token used twice. */
  grantRevoked(event: Subject & { readonly reason: string }): void;
  clientRegistered(event: Subject & { readonly registeredBy: string }): void;
  tokenAnswered(event: Subject & { readonly grantType: string; readonly outcome: string }): void;
  backchannelLogoutFailed(event: Subject & { readonly reason: string }): void;
  /** Shown to a stranger under the reference only. */
  requestRefused(
    event: Subject & { readonly reference: string; readonly error: string; readonly reason: string },
  ): void;
  /** Forgets what is older than so many days, at most `limit` events. @returns how many */
  sweep(days: number, limit: number): Promise<number>;
  /** Waits until what was reported is stored. */
  settled(): Promise<void>;
}

export interface EventsNeeds {
  readonly query: Kysely<Tables>;
  readonly logger: Logger;
  readonly registry: Registry;
}

export function createEvents({ query, logger, registry }: EventsNeeds): Events {
  const counter = new Counter({
    name: 'latchkey_events_total',
    help: 'Events by name.',
    labelNames: ['event'],
    registers: [registry],
  });
  const tokens = new Counter({
    name: 'token_responses_total',
    help: 'Answers of the token endpoint, by grant type and outcome (an OAuth error code, or success).',
    labelNames: ['grant_type', 'outcome'],
    registers: [registry],
  });

  const pending = new Set<Promise<unknown>>();
  const record = (name: string, { accountId, clientId }: Subject, detail: Record<string, unknown> = {}) => {
    counter.inc({ event: name });
    logger.info({ event: name, accountId, clientId, ...detail }, name);
    const row = {
      id: crypto.randomUUID(),
      name,
      account_id: accountId ?? null,
      client_id: clientId ?? null,
      detail: JSON.stringify(detail),
      occurred_at: Date.now(),
    };
    const written = query
      .insertInto('audit_events')
      .values(row)
      .execute()
      .catch((error) => logger.error({ reason: String(error), event: name }, 'audit event not stored, only logged'))
      .finally(() => pending.delete(written));
    pending.add(written);
  };

  return {
    signedIn: ({ username, ...subject }) => record('signed-in', subject, { username }),
    signInFailed({ ip, throttled, ...subject }) {
      // NOTE: a stranger who hammers on must not fill the table.
      if (throttled) counter.inc({ event: 'sign-in-throttled' });
      else record('sign-in-failed', subject, { ip });
    },
    consentGiven: ({ granted, declined, ...subject }) => record('consent-given', subject, { granted, declined }),
    consentDenied: (subject) => record('consent-denied', subject),
    consentWithdrawn: (subject) => record('consent-withdrawn', subject),
    signedOut: (subject) => record('signed-out', subject),
    grantRevoked: ({ reason, ...subject }) => record('grant-revoked', subject, { reason }),
    clientRegistered: ({ registeredBy, ...subject }) => record('client-registered', subject, { registeredBy }),
    backchannelLogoutFailed: ({ reason, ...subject }) => record('backchannel-logout-failed', subject, { reason }),
    tokenAnswered({ grantType, outcome, clientId }) {
      tokens.inc({ grant_type: grantType, outcome });
      logger.debug({ grantType, outcome, clientId }, 'token answered');
    },
    requestRefused({ clientId, ...detail }) {
      counter.inc({ event: 'request-refused' });
      logger.warn({ event: 'request-refused', clientId, ...detail }, 'request refused');
    },
    async sweep(days, limit) {
      const { numDeletedRows } = await query
        .deleteFrom('audit_events')
        .where('id', 'in', (old) =>
          old
            .selectFrom('audit_events')
            .select('id')
            .where('occurred_at', '<', Date.now() - days * 86_400_000)
            .limit(limit),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
    async settled() {
      await Promise.all(pending);
    },
  };
}

import Provider, { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import type { Clients } from '../clients/clients.ts';
import type { Consents } from '../consents/consents.ts';
import type { Artifacts, Payload, StoredArtifact } from '../storage/artifacts.ts';
import type { SessionGrants } from '../storage/session-grants.ts';
import type { Sessions } from '../storage/sessions.ts';
import type { DurableAnswers } from './durable-answers.ts';
import { answerStands } from './own-client.ts';
import type { RefreshGuard } from './refresh-guard.ts';
import { boundToGrant, type RevokeFamily } from './revoke-family.ts';
import { clientAdapter, sessionAdapter } from './subject-adapters.ts';

export interface AdapterNeeds {
  readonly accounts: Accounts;
  readonly artifacts: Artifacts;
  readonly clients: Clients;
  readonly consents: Consents;
  readonly durableAnswers: DurableAnswers;
  readonly refreshGuard: RefreshGuard;
  readonly revokeFamily: RevokeFamily;
  readonly sessionGrants: SessionGrants;
  readonly sessions: Sessions;
}

/** A grant was to be written that has been revoked meanwhile. */
export class GrantRevokedError extends Error {}

/**
 * What the engine stores, by model name. Spending and replay detection are decided in the database: the engine itself
 * looks first and acts later, so the second of two parallel uses is refused here.
 */
export function createAdapterFactory(needs: AdapterNeeds): AdapterFactory {
  return (model) => {
    switch (model) {
      case 'Client':
        return clientAdapter(needs.clients);
      case 'Session':
        return sessionAdapter(needs.sessions);
      case 'Grant':
        return grantAdapter(needs);
      case 'AuthorizationCode':
        return codeAdapter(needs);
      case 'DeviceCode':
        return deviceCodeAdapter(needs);
      case 'AccessToken':
        return answeredWhenDurable(artifactAdapter(model, needs.artifacts), needs.durableAnswers);
      case 'RefreshToken':
        return refreshTokenAdapter(needs);
      case 'ReplayDetection':
        return replayDetectionAdapter(needs.artifacts);
      default:
        return artifactAdapter(model, needs.artifacts);
    }
  };
}

function artifactAdapter(model: string, artifacts: Artifacts): Adapter {
  return {
    async find(id) {
      return payloadOf(await artifacts.find(model, id));
    },
    async findByUid(uid) {
      return payloadOf(await artifacts.findByLookup(model, uid));
    },
    async findByUserCode(userCode) {
      return payloadOf(await artifacts.findByLookup(model, userCode));
    },
    async upsert(id, payload, expiresIn) {
      await artifacts.save(model, id, withoutConsumed(payload), {
        expiresIn,
        grantId: boundToGrant.has(model) ? payload.grantId : undefined,
        lookup: payload.userCode,
      });
    },
    async consume(id) {
      if (await artifacts.consume(model, id)) return;
      if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('request_uri was already used');
      throw new errors.InvalidGrant('already used');
    },
    destroy: (id) => artifacts.destroy(model, id),
    revokeByGrantId: (grantId) => artifacts.destroyByGrant(model, grantId),
  };
}

/** For what is of no use to anybody before the answer has told of it. */
function answeredWhenDurable(adapter: Adapter, { beforeAnswering }: DurableAnswers): Adapter {
  return {
    ...adapter,
    upsert: (id, payload, expiresIn) => beforeAnswering(adapter.upsert(id, payload, expiresIn) as Promise<void>),
  };
}

/**
 * A grant is there as long as its session and client have it, and nothing brings it back. Whoever is disabled, or takes
 * a consent back, ends the grants that the database shows at that moment. So a grant is written only where the person and
 * the answer still stand, in one transaction: of the two, one sees the other.
 */
function grantAdapter({ accounts, artifacts, consents, sessionGrants }: AdapterNeeds): Adapter {
  return {
    ...artifactAdapter('Grant', artifacts),
    async find(id) {
      return payloadOf(await artifacts.findGrant(id));
    },
    async upsert(id, payload, expiresIn) {
      if (expiresIn === undefined) throw new TypeError('a grant needs an end');
      const { accountId = '', clientId = '' } = payload;
      const written = await sessionGrants.renew(id, expiresIn, async (transaction) => {
        const stands =
          (await accounts.enabled(accountId, transaction)) &&
          (await answerStands(consents, { accountId, clientId }, transaction));
        if (!stands) throw new GrantRevokedError();
        await artifacts.save('Grant', id, { ...payload }, { expiresIn }, transaction);
      });
      if (!written) throw new GrantRevokedError();
    },
    async destroy(id) {
      await sessionGrants.revoke(id, (transaction) => artifacts.destroy('Grant', id, transaction));
    },
  };
}

/** The engine would revoke what it finds spent, and tell nobody why; so it finds it unspent, and hears when it spends it. */
function codeAdapter({ artifacts, durableAnswers }: AdapterNeeds): Adapter {
  const adapter = answeredWhenDurable(artifactAdapter('AuthorizationCode', artifacts), durableAnswers);
  return {
    ...adapter,
    async find(id) {
      const found = await adapter.find(id);
      return found && withoutConsumed(found);
    },
  };
}

/** Of two polls at once one is too late and nothing more: the engine looks at the grant only after spending the code. */
function deviceCodeAdapter({ artifacts, revokeFamily }: AdapterNeeds): Adapter {
  const adapter = artifactAdapter('DeviceCode', artifacts);
  return {
    ...adapter,
    async find(id) {
      const found = await adapter.find(id);
      const { client, route } = Provider.ctx?.oidc ?? {};
      if (!found?.consumed || route !== 'token' || found.clientId !== client?.clientId) return found;
      await revokeFamily(found, 'code-reuse');
      throw new errors.InvalidGrant('device code already used');
    },
  };
}

function refreshTokenAdapter({ artifacts, durableAnswers, refreshGuard }: AdapterNeeds): Adapter {
  return {
    ...answeredWhenDurable(artifactAdapter('RefreshToken', artifacts), durableAnswers),
    async find(id) {
      const stored = await artifacts.find('RefreshToken', id);
      return stored && payloadOf(await refreshGuard.admit(id, stored));
    },
  };
}

/** A proof or assertion seen twice is refused even when both arrive at once: only one insert is the first. */
function replayDetectionAdapter(artifacts: Artifacts): Adapter {
  return {
    ...artifactAdapter('ReplayDetection', artifacts),
    async upsert(id, payload, expiresIn) {
      const fresh = await artifacts.insertOnce('ReplayDetection', id, payload, { expiresIn });
      if (!fresh) throw new errors.InvalidGrant('this proof was already used');
    },
  };
}

function payloadOf(stored: StoredArtifact | undefined): AdapterPayload | undefined {
  if (!stored) return undefined;
  const { payload, consumedAt } = stored;
  return consumedAt === undefined ? payload : { ...payload, consumed: Math.floor(consumedAt / 1000) };
}

function withoutConsumed(payload: AdapterPayload): Payload {
  const { consumed: _, ...rest } = payload;
  return rest;
}

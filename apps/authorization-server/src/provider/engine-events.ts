import { DatabaseUnavailableError } from '@latchkey/database';
import type Provider from 'oidc-provider';
import type { Events } from '../audit/events.ts';
import type { DurableAnswers } from './durable-answers.ts';
import type { Trail } from './trail.ts';

export interface EngineEventsNeeds {
  readonly durableAnswers: DurableAnswers;
  readonly events: Events;
  readonly trail: Trail;
}

/**
 * Turns what the engine tells into our events. A listener that throws would fail a request whose tokens are stored
 * already, so none does; their payloads carry raw tokens, so nothing of them is passed on.
 */
export function listenToEngine(provider: Provider, { durableAnswers, events, trail }: EngineEventsNeeds): void {
  const grantTypeOf = (value: unknown) => (typeof value === 'string' && known.has(value) ? value : 'other');

  provider.on('grant.success', ({ oidc }) => {
    const clientId = oidc.client?.clientId;
    events.tokenAnswered({ clientId, grantType: grantTypeOf(oidc.params?.grant_type), outcome: 'success' });
  });
  provider.on('grant.error', ({ oidc }, error) => {
    const clientId = oidc.client?.clientId;
    events.tokenAnswered({ clientId, grantType: grantTypeOf(oidc.params?.grant_type), outcome: error.message });
  });
  provider.on('grant.revoked', ({ oidc }, grantId) => {
    const { AccessToken, RefreshToken } = oidc.entities;
    const token = AccessToken ?? RefreshToken;
    if (token) {
      return events.grantRevoked({ clientId: token.clientId, accountId: token.accountId, reason: 'revocation' });
    }
    const { accountId, authorizations = {} } = oidc.session ?? {};
    const [clientId] = Object.entries(authorizations).find(([, { grantId: own }]) => own === grantId) ?? [];
    events.grantRevoked({ clientId, accountId, reason: 'sign-out' });
  });
  provider.on('authorization.success', ({ oidc }) => end(oidc.entities.Interaction?.cid));
  provider.on('authorization.error', ({ oidc }, error) => {
    // NOTE: of a lost session the client hears nothing, so nothing has ended.
    if (error.name !== 'SessionNotFound') end(oidc.entities.Interaction?.cid);
  });
  provider.on('end_session.success', ({ oidc }) => {
    events.signedOut({ accountId: oidc.session?.accountId, clientId: oidc.client?.clientId });
  });
  provider.on('backchannel.error', (_ctx, error, client, accountId) => {
    events.backchannelLogoutFailed({ clientId: client.clientId, accountId, reason: error.message });
  });
  provider.on('registration_create.success', (_ctx, client) => {
    events.clientRegistered({ clientId: client.clientId, registeredBy: 'anonymous' });
  });
  provider.on('server_error', ({ oidc }, error) => {
    // NOTE: that the database is away is said once, not by every request that meets it.
    if (error instanceof DatabaseUnavailableError) return;
    events.requestRefused({
      clientId: oidc?.client?.clientId,
      reference: '',
      error: 'server_error',
      reason: String(error.stack),
    });
  });

  function end(cid: string | undefined): void {
    if (cid === undefined) return;
    const remembered = trail.ended(cid).catch((error) => {
      events.requestRefused({ reference: '', error: 'trail', reason: String(error) });
    });
    // NOTE: whoever goes back as soon as the answer is there must find it.
    void durableAnswers.beforeAnswering(remembered);
  }
}

const known = new Set([
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
]);

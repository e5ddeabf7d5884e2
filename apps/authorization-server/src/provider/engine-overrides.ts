import Provider, { errors } from 'oidc-provider';
import { clientSecretMatches } from '../clients/client-secrets.ts';
import type { Clients } from '../clients/clients.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Sessions } from '../storage/sessions.ts';
import { rememberClients } from './client-lookup.ts';
import type { RefreshGuard } from './refresh-guard.ts';
import type { RefreshRotation } from './refresh-rotation.ts';
import type { RevokeFamily } from './revoke-family.ts';
import { writeSessionsWhenTheyMove } from './session-writes.ts';

export interface OverrideNeeds {
  readonly clients: Clients;
  readonly keyring: Keyring;
  readonly refreshGuard: RefreshGuard;
  readonly revokeFamily: RevokeFamily;
  readonly rotation: RefreshRotation;
  readonly sessions: Sessions;
}

/**
 * The only place that reaches into the engine's prototypes. Each override has a contract test that fails when a new
 * version of the engine no longer calls it.
 */
export function overrideEngine(
  provider: Provider,
  { clients, keyring, refreshGuard, revokeFamily, rotation, sessions }: OverrideNeeds,
): void {
  const { AuthorizationCode, Client, RefreshToken, Session } = provider;
  rememberClients(provider, clients);
  writeSessionsWhenTheyMove(provider);

  /** Secrets are stored as hashes. */
  Client.prototype.compareClientSecret = function compareClientSecret(presented: string) {
    return clientSecretMatches(this.clientSecret, presented);
  };

  /** A rotated refresh token has one possible successor. */
  const { generateTokenId } = RefreshToken.prototype;
  RefreshToken.prototype.generateTokenId = function generateSuccessorId() {
    const rotated = Provider.ctx?.oidc.entities.RotatedRefreshToken;
    return rotated ? rotation.successorId(rotated.jti) : generateTokenId.call(this);
  };

  /** The engine saw the token unspent; the database knows better by now. */
  RefreshToken.prototype.consume = async function consumeRefreshToken() {
    if (await refreshGuard.spend(this)) this.emit('consumed');
  };

  /** The same for two exchanges of one code, at once or in a row: RFC 6749, section 4.1.2, revokes what the first got. */
  AuthorizationCode.prototype.consume = async function consumeCode() {
    try {
      await this.adapter.consume(this.jti);
    } catch (error) {
      if (error instanceof errors.InvalidGrant) await revokeFamily(this, 'code-reuse');
      throw error;
    }
    this.emit('consumed');
  };

  Session.prototype.destroy = async function destroySession() {
    await sessions.end(this.uid);
    this.emit('destroyed');
    (this as { destroyed?: boolean }).destroyed = true;
  };

  /** The engine's error pages write to a session that no cookie leads to yet: there is nothing to keep, nor to fail. */
  const { persist } = Session.prototype;
  Session.prototype.persist = async function persistSession() {
    return typeof this.exp === 'number' ? persist.call(this) : '';
  };

  /** Two tabs must tell a client the same `sid`: derived, not drawn. */
  Session.prototype.ensureClientContainer = function ensureClientContainer(clientId: string) {
    if (this.sidFor(clientId)) return;
    const sid = keyring.digest('artifact-lookup', 'sid', this.uid, clientId, this.accountId ?? '');
    this.sidFor(clientId, sid);
  };
}

/**
 * The engine: oidc-provider with our configuration, our storage and our four changes to its behaviour. No other room
 * speaks its language; faces get `interactions`, the server gets a Koa app to mount rooms in front of.
 */
import { DatabaseUnavailableError } from '@latchkey/database';
import type { Pages } from '@latchkey/pages';
import type { JWK } from 'jose';
import type { Middleware } from 'koa';
import Provider from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import type { Events } from '../audit/events.ts';
import type { Clients } from '../clients/clients.ts';
import type { Consents } from '../consents/consents.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Artifacts } from '../storage/artifacts.ts';
import type { SessionGrants } from '../storage/session-grants.ts';
import type { Sessions } from '../storage/sessions.ts';
import { createAdapterFactory } from './adapter.ts';
import { createBrowserBinding } from './browser-binding.ts';
import { clientProfile } from './client-profile.ts';
import { engineConfiguration } from './configuration.ts';
import { completeDiscovery } from './discovery-answers.ts';
import { createDurableAnswers } from './durable-answers.ts';
import { listenToEngine } from './engine-events.ts';
import { overrideEngine } from './engine-overrides.ts';
import { createEnginePages } from './engine-pages.ts';
import { dressFormPost } from './form-post-answers.ts';
import { createGrantReferences } from './grant-references.ts';
import { createGrantLoader } from './grants.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { noteOutages, type Outages } from './outages.ts';
import { createOwnSessions, type OwnSessions } from './own-sessions.ts';
import { type PublishedDocuments, publishFromMemory } from './published-documents.ts';
import { createRefreshGuard } from './refresh-guard.ts';
import { createRefreshRotation } from './refresh-rotation.ts';
import { completeRegistration, registrationCors } from './registration-answers.ts';
import { createResources } from './resources.ts';
import { resumeInOwnBrowser } from './resume-in-own-browser.ts';
import { resumeWithoutParameters } from './resume-requests.ts';
import { createFamilies } from './revoke-family.ts';
import { revokeSignedTokens } from './signed-token-revocation.ts';
import { completeTokenAnswer } from './token-answers.ts';
import { slowDownFailures } from './token-throttle.ts';
import { createTrail } from './trail.ts';

export interface ProviderNeeds {
  readonly issuer: string;
  /** Resource identifiers of the todos API and of its MCP endpoint. */
  readonly todosApi: string;
  readonly todosMcp: string;
  /** Origins on loopback or private addresses that the server may call. */
  readonly trustedOrigins: readonly string[];
  /** Seconds in which a spent refresh token may be presented again while its successor is unused. */
  readonly refreshGrace: number;
  /** Told when a published document was answered at the door, past everything that counts requests. */
  readonly onPublished: (path: string) => void;
  readonly signingKeys: readonly JWK[];
  readonly accounts: Accounts;
  readonly artifacts: Artifacts;
  readonly clients: Clients;
  readonly consents: Consents;
  readonly events: Events;
  readonly keyring: Keyring;
  readonly pages: Pages;
  readonly sessionGrants: SessionGrants;
  readonly sessions: Sessions;
}

export interface Engine {
  /** The Koa root application; rooms are mounted in front of its routes. */
  readonly app: Provider;
  readonly interactions: Interactions;
  /** For what is the same for everybody, before anything else looks at the request. */
  readonly answersAtTheDoor: PublishedDocuments['answersAtTheDoor'];
  readonly outages: Outages;
  readonly ownSessions: OwnSessions;
  /** Takes back what a person allowed a client: the decisions, every grant, and all tokens. */
  readonly withdraw: (accountId: string, clientId: string) => Promise<void>;
  /** Middleware that completes what the engine answers; mounted in front of it. */
  readonly answers: readonly Middleware[];
}

export function createEngine(needs: ProviderNeeds): Engine {
  const { accounts, artifacts, clients, consents, events, keyring, pages, sessionGrants, sessions } = needs;
  const families = createFamilies({ artifacts, consents, events, sessionGrants });
  const revokeFamily = families.revoke;
  const rotation = createRefreshRotation(artifacts, keyring, needs.refreshGrace);
  const durableAnswers = createDurableAnswers();
  const published = publishFromMemory({ origin: needs.issuer, onAnswered: needs.onPublished });
  const refreshGuard = createRefreshGuard({ artifacts, rotation, revokeFamily });
  const trail = createTrail({
    artifacts,
    binding: createBrowserBinding(needs.issuer.startsWith('https:')),
    pages,
    authorizationPath: () => '/authorize',
    clientOf: async (clientId) => {
      const client = await app.Client.find(clientId);
      return client && clientProfile(client);
    },
    interactionIsOpen: async (uid) => (await app.Interaction.find(uid)) !== undefined,
  });
  const enginePages = createEnginePages({
    accounts,
    pages,
    trail,
    onError: (ctx, reference, error) => {
      // NOTE: that the database is away is said once, not by every request that meets it.
      if (error instanceof DatabaseUnavailableError) return;
      const reason = 'error_detail' in error ? String(error.error_detail) : error.message;
      events.requestRefused({ clientId: ctx.oidc?.client?.clientId, reference, error: error.message, reason });
    },
  });

  const { todosApi, todosMcp } = needs;
  const resources = createResources({ accounts, consents, todosApi, todosMcp });
  const app: Provider = new Provider(
    needs.issuer,
    engineConfiguration({
      accounts,
      adapter: createAdapterFactory({
        accounts,
        artifacts,
        clients,
        consents,
        durableAnswers,
        refreshGuard,
        revokeFamily,
        sessionGrants,
        sessions,
      }),
      consents,
      enginePages,
      grantReferences: createGrantReferences(keyring),
      https: needs.issuer.startsWith('https:'),
      issuer: needs.issuer,
      loadGrant: createGrantLoader({ provider: () => app, accounts, consents, resources, sessionGrants }),
      nonceSecret: keyring.bytes('dpop-nonce'),
      resources,
      signingKeys: needs.signingKeys,
      trail,
      trustedOrigins: needs.trustedOrigins,
    }),
  );
  overrideEngine(app, { clients, keyring, refreshGuard, revokeFamily, rotation, sessions });
  listenToEngine(app, { durableAnswers, events, trail });
  const grantReferences = createGrantReferences(keyring);
  return {
    app,
    interactions: createInteractions({ provider: app, clients, trail }),
    answersAtTheDoor: published.answersAtTheDoor,
    outages: noteOutages(app),
    ownSessions: createOwnSessions(app, accounts, needs.issuer),
    withdraw: families.withdraw,
    answers: [
      published.middleware,
      durableAnswers.middleware,
      resumeInOwnBrowser(trail),
      resumeWithoutParameters,
      dressFormPost(pages),
      registrationCors,
      completeDiscovery,
      completeRegistration,
      completeTokenAnswer,
      revokeSignedTokens({ issuer: needs.issuer, signingKeys: needs.signingKeys, grantReferences, revokeFamily }),
      refreshGuard.noticeReuse,
      slowDownFailures(),
    ],
  };
}

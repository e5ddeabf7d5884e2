import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { errors, type Interaction } from 'oidc-provider';
import type { Clients } from '../clients/clients.ts';
import type { RegisteredBy } from '../clients/redirect-uris.ts';
import { passwordAcr, passwordAmr } from './claims.ts';
import { type ClientProfile, clientProfile } from './client-profile.ts';
import type { ConsentDetails } from './consent-policy.ts';
import type { Trail } from './trail.ts';

/** A person stands between the authorization request and its answer. This is what the engine wants of them. */
export interface OpenInteraction {
  readonly uid: string;
  readonly prompt: { readonly name: 'login' } | { readonly name: 'consent'; readonly consent: ConsentDetails };
  readonly client: ClientProfile & {
    readonly id: string;
    readonly registeredBy: RegisteredBy;
    /** Epoch milliseconds; undefined for what is built in. */
    readonly createdAt: number | undefined;
  };
  /** Who is signed in already. */
  readonly accountId: string | undefined;
  readonly loginHint: string | undefined;
  /** Where the answer goes; undefined for a device. */
  readonly redirectUri: string | undefined;
  /** The request as it came, to begin it anew. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Interactions {
  /** The interaction that this browser has open at this address; undefined if there is none, or not in this browser. */
  find(ctx: Context, uid: string): Promise<OpenInteraction | undefined>;
  /** Each ends the interaction and returns where to go on: back to the engine, which asks for what is still missing. */
  signedIn(ctx: Context, accountId: string): Promise<string>;
  consented(ctx: Context): Promise<string>;
  denied(ctx: Context): Promise<string>;
  /** Answers a request whose interaction is not open any more. */
  leadOn(ctx: Context, uid: string): Promise<void>;
}

export interface InteractionsNeeds {
  readonly provider: Provider;
  readonly clients: Clients;
  readonly trail: Trail;
}

export function createInteractions({ provider, clients, trail }: InteractionsNeeds): Interactions {
  const current = async (ctx: Context): Promise<Interaction | undefined> => {
    try {
      return await provider.interactionDetails(ctx.req, ctx.res);
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  };

  return {
    async find(ctx, uid) {
      const interaction = await current(ctx);
      if (!interaction || interaction.uid !== uid || !(await trail.belongsHere(ctx, uid))) return undefined;
      const params = stringParams(interaction.params);
      const [client, registered] = await Promise.all([
        provider.Client.find(String(params.client_id)),
        clients.find(String(params.client_id)),
      ]);
      if (!client) return undefined;
      return {
        uid,
        prompt: promptOf(interaction),
        client: {
          id: client.clientId,
          registeredBy: registered?.registeredBy ?? 'operator',
          createdAt: registered?.createdAt,
          ...clientProfile(client),
        },
        accountId: interaction.session?.accountId,
        loginHint: params.login_hint,
        redirectUri: interaction.deviceCode === undefined ? params.redirect_uri : undefined,
        params,
      };
    },
    signedIn(ctx, accountId) {
      // NOTE: with `ts` left out, the sign-in would be dated anew when consent merges this result.
      const login = { accountId, ts: Math.floor(Date.now() / 1000), acr: passwordAcr, amr: passwordAmr };
      return provider.interactionResult(ctx.req, ctx.res, { login }, { mergeWithLastSubmission: false });
    },
    consented: (ctx) => provider.interactionResult(ctx.req, ctx.res, { consent: {} }),
    denied: (ctx) =>
      provider.interactionResult(
        ctx.req,
        ctx.res,
        { error: 'access_denied', error_description: 'the person did not allow this request' },
        { mergeWithLastSubmission: false },
      ),
    leadOn: (ctx, uid) => trail.leadOn(ctx, uid),
  };
}

function promptOf(interaction: Interaction): OpenInteraction['prompt'] {
  if (interaction.prompt.name !== 'consent') return { name: 'login' };
  return { name: 'consent', consent: interaction.prompt.details.consent as ConsentDetails };
}

function stringParams(params: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

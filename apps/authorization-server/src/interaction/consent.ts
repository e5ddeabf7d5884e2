import type { Pages } from '@latchkey/pages';
import type { Context } from 'koa';
import type { Accounts } from '../accounts/accounts.ts';
import type { Events } from '../audit/events.ts';
import type { Consents } from '../consents/consents.ts';
import type { ConsentDetails } from '../provider/consent-policy.ts';
import type { Interactions, OpenInteraction } from '../provider/interactions.ts';
import { formFields } from './form-fields.ts';
import { redirectHost } from './redirect-host.ts';
import { scopeWords } from './scope-words.ts';

export interface ConsentNeeds {
  readonly accounts: Accounts;
  readonly consents: Consents;
  readonly events: Events;
  readonly interactions: Interactions;
  readonly pages: Pages;
}

/** The consent page: what an app asks for in plain words, and what the person made of it. */
export function createConsent({ accounts, consents, events, interactions, pages }: ConsentNeeds) {
  async function show(ctx: Context, interaction: OpenInteraction, consent: ConsentDetails): Promise<void> {
    const { uid, client, accountId, redirectUri } = interaction;
    const required = new Set(consent.required);
    const isNew = consent.askingForMore;
    const asked = consent.questions.flatMap((question) => question.asked);
    const scopes = asked.map((name) => ({ ...scopeWords(name), isNew }));
    await pages.render(ctx, 'interaction/consent', {
      title: consentTitle(client.name, isNew),
      client: {
        ...client,
        registeredAt: client.createdAt === undefined ? undefined : new Date(client.createdAt).toISOString(),
        operator: false,
        verified: client.registeredBy === 'operator',
      },
      redirectHost: redirectHost(redirectUri),
      account: accountId === undefined ? undefined : await accounts.find(accountId),
      required: scopes.filter(({ name }) => required.has(name)),
      optional: scopes.filter(({ name }) => !required.has(name)),
      allowed: consent.questions.flatMap((question) => question.granted).map(scopeWords),
      askingForMore: isNew,
      accountUri: '/account',
      action: `/interaction/${uid}/confirm`,
      denyAction: `/interaction/${uid}/abort`,
      switchAction: redirectUri === undefined ? undefined : `/interaction/${uid}/switch`,
    });
  }

  async function submit(ctx: Context, interaction: OpenInteraction, consent: ConsentDetails): Promise<void> {
    const { client, accountId } = interaction;
    if (accountId === undefined) throw new TypeError('consent is given by somebody');
    const allowed = new Set([...formFields(ctx, 'scope'), ...consent.required]);
    const answers = consent.questions.map(({ resource, asked }) => ({
      resource,
      granted: asked.filter((scope) => allowed.has(scope)),
      declined: asked.filter((scope) => !allowed.has(scope)),
    }));
    await consents.record(accountId, client.id, answers);
    events.consentGiven({
      accountId,
      clientId: client.id,
      granted: answers.flatMap(({ granted }) => granted),
      declined: answers.flatMap(({ declined }) => declined),
    });
    ctx.redirect(await interactions.consented(ctx));
    ctx.status = 303;
  }

  async function deny(ctx: Context, { client, accountId }: OpenInteraction): Promise<void> {
    events.consentDenied({ accountId, clientId: client.id });
    ctx.redirect(await interactions.denied(ctx));
    ctx.status = 303;
  }

  return { show, submit, deny };
}

function consentTitle(name: string, isNew: boolean): string {
  return isNew ? `${name} asks for more` : `Allow ${name}?`;
}

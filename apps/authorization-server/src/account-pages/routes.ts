/**
 * The person's own pages: which apps may do what in their name, and taking that back. Signing in is the interaction
 * room's, by way of the authorization endpoint; profile and security are not here yet.
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import { csrfField, csrfToken, type Pages, verifyCsrf } from '@latchkey/pages';
import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';
import type { Context } from 'koa';
import type { Clients } from '../clients/clients.ts';
import type { Consents } from '../consents/consents.ts';
import type { OwnSessions, SignedInPerson } from '../provider/own-sessions.ts';

export interface AccountPagesNeeds {
  readonly clients: Clients;
  readonly consents: Consents;
  readonly csrfSecret: Buffer;
  readonly ownSessions: OwnSessions;
  readonly pages: Pages;
  /** Takes back what a person allowed a client: the decisions, every grant, and all tokens. */
  readonly withdraw: (accountId: string, clientId: string) => Promise<void>;
}

export function accountPagesRoutes(needs: AccountPagesNeeds): Router {
  const { clients, consents, csrfSecret, ownSessions, pages, withdraw } = needs;
  const router = new Router({ prefix: '/account' });
  const form = bodyParser({ enableTypes: ['form'], formLimit: '16kb' });

  const signedIn = (handle: (ctx: Context, person: SignedInPerson) => Promise<void>) => async (ctx: Context) => {
    const person = await ownSessions.current(ctx);
    if (person) return handle(ctx, person);
    if (ctx.query.code === undefined && ctx.query.error === undefined) return seeOther(ctx, ownSessions.signInUrl());
    return notSignedIn(ctx);
  };

  router.get(
    '/',
    signedIn(async (ctx, person) => {
      // NOTE: coming back from a sign-in; the code in the address is of no use and should not stay there.
      if (ctx.query.code !== undefined) return seeOther(ctx, '/account');
      return show(ctx, person);
    }),
  );

  router.post(
    '/apps/:clientId/withdraw',
    form,
    signedIn(async (ctx, person) => {
      const { body } = ctx.request as { body?: Record<string, unknown> };
      if (!verifyCsrf(csrfSecret, person.sessionUid, body?.[csrfField])) {
        return show(ctx, person, 'This page was too old, and nothing was changed. Please try again.', 403);
      }
      await withdraw(person.account.id, String(ctx.params.clientId));
      return seeOther(ctx, '/account?withdrawn');
    }),
  );

  return router;

  async function show(ctx: Context, { account, sessionUid }: SignedInPerson, error?: string, status = 200) {
    const allowed = await consents.grantedTo(account.id);
    const apps = await Promise.all(
      allowed.map(async ({ clientId, scopes, since }) => ({
        id: clientId,
        name: (await clients.find(clientId))?.metadata.client_name ?? 'An app without a name',
        allowed: descriptionsOf(scopes),
        since: new Date(since).toISOString(),
      })),
    );
    const withdrawn = 'withdrawn' in ctx.query;
    await pages.render(
      ctx,
      'account-pages/connected-apps',
      {
        title: 'Your account',
        frame: 'page',
        home: '/account',
        account,
        apps,
        error,
        notice: withdrawn
          ? 'Done. The app gets no further access; what it holds already runs out by itself, as a rule within five minutes.'
          : undefined,
        csrf: { name: csrfField, value: csrfToken(csrfSecret, sessionUid) },
      },
      status,
    );
  }

  async function notSignedIn(ctx: Context): Promise<void> {
    const heading = 'You are not signed in';
    const explanation =
      'The sign-in was not completed, or your browser does not keep cookies for this site. Nothing was changed.';
    const next = { label: 'Sign in', href: '/account' };
    await pages.render(ctx, 'error/error', { title: heading, heading, explanation, next }, 403);
  }
}

/** In the catalogue's order and words. */
function descriptionsOf(scopes: readonly string[]): string[] {
  return [...openidScopes.values(), ...todosScopes.values()]
    .filter(({ name }) => scopes.includes(name))
    .map(({ description }) => description);
}

function seeOther(ctx: Context, location: string): void {
  ctx.redirect(location);
  ctx.status = 303;
}

/**
 * Between the authorization request and the code: the pages on which a person signs in and decides. Each form ends the
 * interaction and goes back to the engine, which asks for what is still missing; no page calls the next.
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { OpenInteraction } from '../provider/interactions.ts';
import { type ConsentNeeds, createConsent } from './consent.ts';
import { createSignIn, type SignInNeeds } from './sign-in.ts';

export type InteractionNeeds = ConsentNeeds & SignInNeeds;

export function interactionRoutes(needs: InteractionNeeds): Router {
  const { interactions } = needs;
  const consent = createConsent(needs);
  const signIn = createSignIn(needs);
  const router = new Router({ prefix: '/interaction/:uid' });
  const form = bodyParser({ enableTypes: ['form'], formLimit: '16kb' });

  /** Gives the interaction that this browser has open here; whoever has none is led on. */
  const open = (handle: (ctx: Context, interaction: OpenInteraction) => Promise<void>) => async (ctx: Context) => {
    const uid = String(ctx.params.uid);
    const interaction = await interactions.find(ctx, uid);
    return interaction ? handle(ctx, interaction) : interactions.leadOn(ctx, uid);
  };

  const show = open((ctx, interaction) => {
    const { prompt } = interaction;
    return prompt.name === 'consent' ? consent.show(ctx, interaction, prompt.consent) : signIn.show(ctx, interaction);
  });

  router.get('/', show);

  router.post(
    '/login',
    form,
    open(async (ctx, interaction) => {
      if (interaction.prompt.name === 'login') return signIn.submit(ctx, interaction);
      return backToPage(ctx, interaction);
    }),
  );

  router.post(
    '/confirm',
    form,
    open(async (ctx, interaction) => {
      const { prompt } = interaction;
      if (prompt.name === 'consent') return consent.submit(ctx, interaction, prompt.consent);
      return backToPage(ctx, interaction);
    }),
  );

  router.post('/abort', form, open(consent.deny));

  // NOTE: the address of a form, typed or reloaded after it could not be taken: its page is one step up.
  router.get(
    ['/login', '/confirm', '/abort', '/switch'],
    open((ctx, interaction) => backToPage(ctx, interaction)),
  );

  /** Another person at the same browser: the same request again, with a sign-in first. */
  router.post(
    '/switch',
    form,
    open(async (ctx, { params }) => {
      const { request_uri: _, ...request } = params;
      ctx.redirect(`/authorize?${new URLSearchParams({ ...request, prompt: 'login' })}`);
      ctx.status = 303;
    }),
  );

  return router;

  function backToPage(ctx: Context, { uid }: OpenInteraction): Promise<void> {
    ctx.redirect(`/interaction/${uid}`);
    ctx.status = 303;
    return Promise.resolve();
  }
}

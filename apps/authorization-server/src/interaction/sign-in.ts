import type { Pages } from '@latchkey/pages';
import type { Context } from 'koa';
import { type Accounts, canonicalUsername } from '../accounts/accounts.ts';
import type { Events } from '../audit/events.ts';
import type { Interactions, OpenInteraction } from '../provider/interactions.ts';
import type { SignInThrottle } from '../throttles/sign-in-throttle.ts';
import { formField } from './form-fields.ts';
import type { KnownDevice } from './known-device.ts';

export interface SignInNeeds {
  readonly accounts: Accounts;
  readonly events: Events;
  readonly interactions: Interactions;
  readonly knownDevice: KnownDevice;
  readonly pages: Pages;
  readonly throttle: SignInThrottle;
}

interface Problem {
  readonly status: number;
  readonly error: string;
  readonly username: string;
}

/** The sign-in page: shows it, and takes what was typed. */
export function createSignIn({ accounts, events, interactions, knownDevice, pages, throttle }: SignInNeeds) {
  async function show(ctx: Context, { uid, client, loginHint }: OpenInteraction, problem?: Problem): Promise<void> {
    const locals = {
      title: 'Sign in',
      client,
      action: `/interaction/${uid}/login`,
      cancelAction: `/interaction/${uid}/abort`,
      username: problem?.username ?? loginHint ?? knownDevice.username(ctx),
      error: problem?.error,
    };
    await pages.render(ctx, 'interaction/sign-in', locals, problem?.status);
  }

  async function submit(ctx: Context, interaction: OpenInteraction): Promise<void> {
    const username = formField(ctx, 'username').trim();
    const password = formField(ctx, 'password');
    if (username === '' || password === '') {
      return show(ctx, interaction, { status: 400, error: 'Enter your username and your password.', username });
    }

    if (throttle.overcrowded) {
      ctx.set('Retry-After', '5');
      const error = 'Too many people are signing in just now. Please try again in a few seconds.';
      return show(ctx, interaction, { status: 503, error, username });
    }
    const attempt = { username, ip: ctx.ip, knownDevice: isKnown(ctx, username) };
    const clientId = interaction.client.id;
    const outcome = await throttle.inTurn(attempt, async () => {
      const wait = await throttle.waitFor(attempt);
      if (wait > 0) return { wait };
      const account = await accounts.authenticate(username, password);
      await (account ? throttle.succeeded(attempt) : throttle.failed(attempt));
      return { wait: 0, account };
    });

    if (outcome.wait > 0) {
      events.signInFailed({ clientId, ip: ctx.ip, throttled: true });
      ctx.set('Retry-After', String(outcome.wait));
      const error = `There were too many tries. Wait ${inWords(outcome.wait)}, then try again.`;
      return show(ctx, interaction, { status: 429, error, username });
    }
    if (!outcome.account) {
      events.signInFailed({ clientId, ip: ctx.ip, throttled: false });
      ctx.set('WWW-Authenticate', 'Form realm="sign-in"');
      return show(ctx, interaction, { status: 401, error: 'Incorrect username or password.', username });
    }
    const { account } = outcome;
    events.signedIn({ accountId: account.id, clientId, username: account.username });
    knownDevice.remember(ctx, account.username);
    const location = await interactions.signedIn(ctx, account.id);
    ctx.redirect(location);
    ctx.status = 303;
  }

  function isKnown(ctx: Context, username: string): boolean {
    return knownDevice.username(ctx) === canonicalUsername(username);
  }

  return { show, submit };
}

function inWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

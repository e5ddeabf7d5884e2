import type { Pages } from '@latchkey/pages';
import type { Context } from 'koa';
import type { Interaction } from 'oidc-provider';
import type { Artifacts } from '../storage/artifacts.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { interactionLifetime } from './lifetimes.ts';

/*
 * An interaction is gone once it is answered, but browsers go back, submit twice and keep old tabs. The trail remembers,
 * a little longer than an interaction may live, which step followed and whether the whole authorization was finished,
 * so that an old page leads on instead of ending in an error. It leads only the browser in which the step began.
 */
const trailLifetime = 2 * interactionLifetime;
const steps = 'InteractionStep';
const ends = 'AuthorizationEnd';

export interface Trail {
  /** Remembers a step when it begins, and the browser that it began in. */
  began(ctx: Context, interaction: Interaction): Promise<void>;
  /** Whether the step, if it is known, began in this browser. */
  belongsHere(ctx: Context, uid: string): Promise<boolean>;
  /** Remembers that the client got its answer. */
  ended(cid: string): Promise<void>;
  /** Answers a request for a page that is no longer there. */
  leadOn(ctx: Context, uid: string): Promise<void>;
  /**
   * The same for an interaction that was answered and could not go on, since another tab has changed the session
   * meanwhile: what was answered is kept, so the request begins again by itself.
   */
  beginAgain(ctx: Context, uid: string): Promise<void>;
}

export interface TrailNeeds {
  readonly artifacts: Artifacts;
  readonly binding: BrowserBinding;
  readonly pages: Pages;
  readonly authorizationPath: () => string;
  readonly clientOf: (clientId: string) => Promise<{ name: string; uri: string | undefined } | undefined>;
  readonly interactionIsOpen: (uid: string) => Promise<boolean>;
}

export function createTrail({
  artifacts,
  binding,
  pages,
  authorizationPath,
  clientOf,
  interactionIsOpen,
}: TrailNeeds): Trail {
  const startAgain = (params: Record<string, string>) => {
    const query = new URLSearchParams(params);
    query.delete('request_uri');
    return `${authorizationPath()}?${query}`;
  };

  const find = async (uid: string) => (await artifacts.find(steps, uid))?.payload as Step | undefined;

  return {
    async began(ctx, { uid, cid, params, deviceCode, returnTo }) {
      const paths = [`/interaction/${uid}`, new URL(returnTo).pathname];
      const browser = binding.bind(ctx, paths, trailLifetime);
      const payload = { uid, cid, params, browser, device: deviceCode !== undefined };
      await artifacts.save(steps, uid, payload, { expiresIn: trailLifetime });
      await artifacts.save(steps, `latest ${cid}`, payload, { expiresIn: trailLifetime });
    },
    async belongsHere(ctx, uid) {
      const step = await find(uid);
      return step === undefined || binding.holds(ctx, step.browser);
    },
    async ended(cid) {
      await artifacts.save(ends, cid, {}, { expiresIn: trailLifetime });
    },
    leadOn: (ctx, uid) => lead(ctx, uid, false),
    beginAgain: (ctx, uid) => lead(ctx, uid, true),
  };

  async function lead(ctx: Context, uid: string, atOnce: boolean): Promise<void> {
    const step = await find(uid);
    if (!step || !binding.holds(ctx, step.browser)) {
      return pages.render(
        ctx,
        'error/error',
        { ...lost, title: lost.heading, error: 'invalid_request', error_description: 'no such interaction' },
        404,
      );
    }
    const client = await clientOf(step.params.client_id ?? '');
    const name = client?.name ?? 'the app';
    if (await artifacts.find(ends, step.cid)) {
      const next = client?.uri ? { label: `Go on to ${name}`, href: client.uri } : undefined;
      return pages.render(
        ctx,
        'error/error',
        { ...finished(name), next, title: 'You have answered this already' },
        200,
      );
    }
    const latest = (await artifacts.find(steps, `latest ${step.cid}`))?.payload as Step | undefined;
    if (latest && latest.uid !== uid && (await interactionIsOpen(latest.uid))) {
      ctx.status = 303;
      ctx.redirect(`/interaction/${latest.uid}`);
      return undefined;
    }
    if (atOnce && !step.device) {
      ctx.redirect(startAgain(step.params));
      ctx.status = 303;
      return undefined;
    }
    const next = step.device
      ? { label: 'Enter the code again', href: '/device' }
      : { label: `Start again with ${name}`, href: startAgain(step.params) };
    return pages.render(ctx, 'error/error', { ...expired(name), next, title: 'This page has run out' }, 400);
  }
}

interface Step {
  readonly uid: string;
  readonly cid: string;
  readonly params: Record<string, string>;
  readonly device: boolean;
  /** Digest of the cookie that the browser got. */
  readonly browser: string;
}

const lost = {
  heading: 'There is nothing here any more',
  explanation:
    'This page belongs to a sign-in that is over or began in another browser, or your browser does not keep cookies for this site. Go back to the app and start again.',
};

function finished(name: string) {
  return {
    heading: 'You have answered this already',
    explanation: `Your answer has reached ${name}. There is nothing more to do here.`,
  };
}

function expired(name: string) {
  return {
    heading: 'This page has run out',
    explanation: `It was open too long, it was answered in another tab, or your browser does not keep cookies for this site. Nothing was shared with ${name}.`,
  };
}

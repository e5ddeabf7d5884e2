import { randomBytes } from 'node:crypto';
import type { Pages } from '@latchkey/pages';
import type { Context } from 'koa';
import { isForMachines } from './machine-endpoints.ts';

/** The last door: whatever was thrown on the way becomes a page or JSON, and says nothing of its cause. */
export function answerError(pages: Pages) {
  return async (ctx: Context, error: unknown): Promise<void> => {
    const thrown = (error as { status?: unknown }).status;
    const refused = typeof thrown === 'number' && thrown >= 400 && thrown < 500;
    const status = refused ? thrown : 500;
    const heading = refused ? 'This request cannot be read' : 'Something went wrong on our side';
    const explanation = refused
      ? 'It is too large, or not in the form that this address expects. Go back, reload the page, and try again.'
      : 'Please go back and try again in a moment.';
    if (isForMachines(ctx)) {
      ctx.status = status;
      ctx.body = { error: refused ? 'invalid_request' : 'server_error', error_description: explanation };
      return;
    }
    const reference = randomBytes(6).toString('hex');
    const code = refused ? 'invalid_request' : 'server_error';
    await pages.render(ctx, 'error/error', { title: heading, heading, explanation, error: code, reference }, status);
  };
}

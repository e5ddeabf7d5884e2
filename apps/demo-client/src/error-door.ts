import { STATUS_CODES } from 'node:http';
import type { Pages } from '@latchkey/pages';
import type { Context } from 'koa';

/** What script calls gets its errors as JSON. */
const forScript = /^\/(api\/|auth\/(session|refresh|backchannel-logout)$)/;

const explanations: Readonly<Record<number, string>> = {
  403: 'This request did not come from a current page of this app, so nothing was changed.',
  404: 'There is no such page here.',
  413: 'What you sent is too long.',
  503: 'The app cannot reach its database at the moment. What you have just sent may not be saved. Please try again in a few seconds.',
};

/** The one place where an error that nobody answered becomes an answer. The cause is in the log, not in the page. */
export function createErrorDoor(pages: Pages) {
  return async (ctx: Context, error: unknown): Promise<void> => {
    const claimed: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined;
    const refused = typeof claimed === 'number' && claimed >= 400 && claimed < 500;
    const status = refused || claimed === 503 ? (claimed as number) : 500;
    ctx.set('Cache-Control', 'no-store');
    if (status === 503) ctx.set('Retry-After', '2');
    if (forScript.test(ctx.path) || ctx.accepts('html', 'json') === 'json') {
      ctx.status = status;
      ctx.body = { error: code(status), error_description: explanations[status] ?? STATUS_CODES[status] };
      return;
    }
    const heading =
      status === 503
        ? 'We will be right back'
        : status >= 500
          ? 'Something went wrong on our side'
          : (STATUS_CODES[status] ?? 'Not possible');
    const locals = {
      title: heading,
      heading,
      explanation: explanations[status] ?? 'Please try again in a moment.',
      next: { label: 'Go to your todos', href: '/' },
      error: code(status),
    };
    await pages.render(ctx, 'error/error', locals, status);
  };
}

function code(status: number): string {
  return (STATUS_CODES[status] ?? 'error').toLowerCase().replaceAll(' ', '_');
}

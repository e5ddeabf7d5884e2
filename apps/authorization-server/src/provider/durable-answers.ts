import type { Middleware } from 'koa';
import Provider from 'oidc-provider';

/**
 * What a request stores on its way is waited for once, before it is answered: the database makes it durable while the
 * next token is being signed. What decides something, such as spending a token, is still waited for where it happens.
 */
export interface DurableAnswers {
  /** Within a request: goes on at once. Otherwise: waits. */
  beforeAnswering(stored: Promise<void>): Promise<void>;
  readonly middleware: Middleware;
}

export function createDurableAnswers(): DurableAnswers {
  const pending = new WeakMap<object, Promise<void>[]>();

  return {
    beforeAnswering(stored) {
      const request = Provider.ctx && pending.get(Provider.ctx.req);
      if (!request) return stored;
      // NOTE: a failure is heard below; until then it must not count as one that nobody hears.
      stored.catch(() => {});
      request.push(stored);
      return Promise.resolve();
    },
    async middleware(ctx, next) {
      const stored: Promise<void>[] = [];
      pending.set(ctx.req, stored);
      try {
        await next();
      } finally {
        await Promise.all(stored);
      }
    },
  };
}

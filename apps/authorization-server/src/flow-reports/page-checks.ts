import type { FoundCheck } from '@latchkey/flow-reports';
import type { Context } from 'koa';

const form = /^\/interaction\/([\w-]+)\/(login|confirm|abort)$/;

/** What was found when a person has answered a page between the request and the code, read off where that led. */
export function pageChecks(ctx: Context): readonly FoundCheck[] {
  const [, uid, button] = (ctx.method === 'POST' && form.exec(ctx.path)) || [];
  if (uid === undefined) return [];
  const session: FoundCheck = { name: 'session', outcome: 'passed', detail: 'this browser has begun this sign-in' };
  if (button === 'login' && ctx.status === 401)
    return [session, { name: 'account', outcome: 'failed', detail: 'incorrect username or password' }];
  // NOTE: only an answer that counts leads on to the engine with the same uid.
  const isTaken =
    ctx.status === 303 && URL.parse(ctx.response.get('Location'), ctx.URL)?.pathname === `/authorize/${uid}`;
  if (!isTaken) return [];
  if (button === 'login') return [session, { name: 'account', outcome: 'passed' }];
  if (button === 'confirm') return [session, { name: 'consent', outcome: 'passed' }];
  return [session, { name: 'consent', outcome: 'failed', detail: 'the person said no' }];
}

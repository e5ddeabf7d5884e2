import { accessTokenIn, refreshTokenIn } from '../answer.ts';
import { type Course, opensUserinfo } from '../course.ts';
import type { Observation } from '../finding.ts';
import { shortened } from '../shortened.ts';
import { allDead, broken, held, nothing } from '../showing.ts';
import { volley } from '../traffic.ts';
import { alike, needsRefreshTokens, seen, skipped, type Trial, tryEach } from './trial.ts';

/** A refresh token is used and revoked at the same time: whatever came first, nothing of it may live on. */
export const revocationTrial: Trial = {
  name: 'revoke',
  rules: () => [
    { says: 'no refresh token outlives a revocation', from: 'RFC 7009 §2.1', level: 'must' },
    { says: 'nor does an access token', from: 'RFC 7009 §2.1', level: 'should' },
  ],
  unfit: (course) =>
    course.metadata.revocation_endpoint === undefined
      ? skipped('the server has no revocation endpoint')
      : needsRefreshTokens(course),
  plan: (course) =>
    alike(course, async (round) => {
      const { client, parallel, grace } = course;
      const { access, refresh } = await course.freshTokens();
      // NOTE: without a grace a second refresh is reuse, which would end the family whether or not it was revoked.
      const refreshes = grace > 0 ? Math.ceil(parallel / 2) : 1;
      const isRefresh = (index: number) => (index + round) % parallel < refreshes;
      const answers = await volley(parallel, (index) =>
        isRefresh(index) ? client.refresh(refresh) : client.revoke(refresh),
      );
      const revoked = answers.filter((answer, index) => !isRefresh(index) && answer.kind === '200').length;
      const fromRefresh = answers.filter((_, index) => isRefresh(index));
      if (revoked === 0) {
        const none = seen(nothing('no revocation was accepted'), answers);
        return [none, none];
      }

      const what = `after ${shortened(refresh)} was revoked`;
      const accessTokens = [access, ...fromRefresh.map(accessTokenIn)].filter((token) => token !== undefined);
      const ofAccess = await observeAccess(course, accessTokens, what);
      // NOTE: the newest first. A spent token that is tried may end the family, and hide that its successor lived.
      const successors = new Set(fromRefresh.map(refreshTokenIn).filter((token) => token !== undefined));
      const after = await tryEach([...successors, refresh], client.refresh);
      return [seen(allDead(after, `refresh tokens ${what}`), after), ofAccess];
    }),
};

/** RFC 7009, section 2.1: access tokens of the grant should go as well; the userinfo endpoint tells. */
async function observeAccess(course: Course, tokens: readonly string[], what: string): Promise<Observation> {
  if (!course.facts.userinfoTellsAccess) {
    return seen(nothing('these access tokens are not for the userinfo endpoint; try --scope "openid profile"'), []);
  }
  const opened = await Promise.all(tokens.map((token) => opensUserinfo(course, token)));
  const count = (outcome: boolean | undefined) => opened.filter((each) => each === outcome).length;
  const [works, dead] = [count(true), count(false)];
  const answers = { ...(works > 0 ? { works } : {}), ...(dead > 0 ? { dead } : {}) };
  if (works > 0)
    return { answers, showing: broken(`access tokens ${what}: ${works} of ${tokens.length} still worked`) };
  return { answers, showing: dead === tokens.length ? held : nothing('the userinfo endpoint did not answer') };
}

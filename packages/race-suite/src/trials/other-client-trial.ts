import { shortened } from '../shortened.ts';
import { allRefused, nothing } from '../showing.ts';
import { volley } from '../traffic.ts';
import { alike, needsRefreshTokens, seen, skipped, type Trial } from './trial.ts';

/** A refresh token in the hands of another client, while its owner uses it. */
export const otherClientTrial: Trial = {
  name: 'other-client',
  rules: () => [{ says: 'another client cannot use a refresh token', from: 'RFC 6749 §6', level: 'must' }],
  unfit: (course) =>
    course.other ? needsRefreshTokens(course) : skipped('takes a second client; give --other-client'),
  plan: (course) =>
    alike(course, async (round) => {
      const { client, other = client, parallel } = course;
      const { refresh } = await course.freshTokens();
      const owner = round % parallel;
      const all = await volley(parallel, (index) => (index === owner ? client : other).refresh(refresh));
      const answers = all.filter((_, index) => index !== owner);
      const unfit = answers.find(({ error }) => error === 'invalid_client' || error === 'unauthorized_client');
      if (unfit) return [seen(nothing(`the other client is not let in at all: ${unfit.error}`), answers)];
      return [seen(allRefused(answers, `the refresh token ${shortened(refresh)} of another client`), answers)];
    }),
};

import { refreshTokenIn } from '../answer.ts';
import { shortened } from '../shortened.ts';
import { atMostOneAccepted, losersAreTold, oneLine, oneSuccessor } from '../showing.ts';
import { volley } from '../traffic.ts';
import { alike, needsRotation, seen, type Trial, tryEach } from './trial.ts';

/** One refresh token, used many times at once. */
export const refreshTrial: Trial = {
  name: 'refresh',
  rules: ({ grace }) => [
    grace > 0
      ? { says: 'all uses within the grace get one successor', from: 'RFC 9700 §4.14.2', level: 'must' }
      : { says: 'a refresh token is accepted once', from: 'RFC 9700 §4.14.2', level: 'must' },
    ...(grace > 0
      ? []
      : [{ says: 'the others are told invalid_grant', from: 'RFC 6749 §5.2', level: 'must' } as const]),
    { says: 'at most one line lives on', from: 'RFC 9700 §4.14.2', level: 'must' },
  ],
  unfit: needsRotation,
  plan: (course) =>
    alike(course, async () => {
      const { client, parallel, grace } = course;
      const { refresh } = await course.freshTokens();
      const answers = await volley(parallel, () => client.refresh(refresh));

      const successors = new Set(answers.map(refreshTokenIn).filter((token) => token !== undefined));
      const after = await tryEach([...successors], client.refresh);
      const what = `the refresh token ${shortened(refresh)}`;
      return [
        ...(grace > 0
          ? [seen(oneSuccessor(answers, what), answers)]
          : [seen(atMostOneAccepted(answers, what), answers), seen(losersAreTold(answers), answers)]),
        seen(oneLine(after, `successors of ${shortened(refresh)}`), after),
      ];
    }),
};

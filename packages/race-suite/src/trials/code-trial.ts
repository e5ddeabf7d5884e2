import { refreshTokenIn } from '../answer.ts';
import { shortened } from '../shortened.ts';
import { allDead, atMostOneAccepted, losersAreTold, nothing } from '../showing.ts';
import { volley } from '../traffic.ts';
import { alike, seen, type Trial, tryEach } from './trial.ts';

/** One code, exchanged many times at once. */
export const codeTrial: Trial = {
  name: 'codes',
  rules: () => [
    { says: 'a code buys tokens once', from: 'RFC 6749 §4.1.2', level: 'must' },
    { says: 'the others are told invalid_grant', from: 'RFC 6749 §5.2', level: 'must' },
    { says: 'a replay ends the refresh token it bought', from: 'RFC 6749 §4.1.2', level: 'should' },
  ],
  plan: (course) =>
    alike(course, async () => {
      const { client, codes, parallel, facts } = course;
      const granted = await codes.code();
      const answers = await volley(parallel, () => client.exchange(granted));

      const bought = answers.map(refreshTokenIn).filter((token) => token !== undefined);
      const after = await tryEach([...new Set(bought)], client.refresh);
      const what = `the code ${shortened(granted.code)}`;
      return [
        seen(atMostOneAccepted(answers, what), answers),
        seen(losersAreTold(answers), answers),
        facts.givesRefreshTokens
          ? seen(allDead(after, `refresh tokens of ${what} after its replay`), after)
          : seen(nothing('the client gets no refresh token'), []),
      ];
    }),
};

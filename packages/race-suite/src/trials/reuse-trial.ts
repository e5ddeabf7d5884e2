import { refreshTokenIn, told } from '../answer.ts';
import type { Course } from '../course.ts';
import type { Round, Rule } from '../finding.ts';
import { RaceFailure } from '../race-failure.ts';
import { shortened } from '../shortened.ts';
import { allDead, allRefused } from '../showing.ts';
import { volley } from '../traffic.ts';
import { alike, needsRotation, seen, skipped, type Trial } from './trial.ts';

const rules = (says: string): readonly Rule[] => [
  { says, from: 'RFC 9700 §4.14.2', level: 'must' },
  { says: 'and its whole family ends', from: 'RFC 9700 §4.14.2', level: 'must' },
];

/** A refresh token comes back after its successor was used: one of the two holders is a thief. */
export const reuseTrial: Trial = {
  name: 'reuse',
  rules: () => rules('a token whose successor was used is refused'),
  unfit: needsRotation,
  plan: (course) =>
    alike(course, async () => {
      const { refresh: first } = await course.freshTokens();
      const second = await successorOf(course, first);
      return presentAgain(course, first, await successorOf(course, second));
    }),
};

/** A refresh token comes back after the grace, its successor still unused. All families wait together. */
export const graceTrial: Trial = {
  name: 'grace',
  rules: ({ grace }) => rules(`a spent token is refused ${grace > 0 ? 'after the grace' : 'at once'}`),
  unfit(course) {
    if (course.grace > 0 && !course.waitForGrace) {
      return skipped(`takes ${course.grace} s of waiting; --wait-for-grace runs it`);
    }
    return needsRotation(course);
  },
  async plan(course) {
    const families: { spent: string; newest: string }[] = [];
    for (let round = 0; round < course.rounds; round++) {
      const { refresh } = await course.freshTokens();
      families.push({ spent: refresh, newest: await successorOf(course, refresh) });
    }
    if (course.grace > 0) await course.wait(course.grace + 1);
    return families.map(
      ({ spent, newest }) =>
        () =>
          presentAgain(course, spent, newest),
    );
  },
};

async function presentAgain({ client, parallel }: Course, spent: string, newest: string): Promise<Round> {
  const answers = await volley(parallel, () => client.refresh(spent));
  const after = [await client.refresh(newest)];
  return [
    seen(allRefused(answers, `the spent refresh token ${shortened(spent)}`), answers),
    seen(allDead(after, `the newest token of the family of ${shortened(spent)}`), after),
  ];
}

async function successorOf({ client }: Course, refreshToken: string): Promise<string> {
  const answer = await client.refresh(refreshToken);
  if (answer.kind !== '200') throw new RaceFailure(`a fresh refresh token was answered ${told(answer)}`);
  return refreshTokenIn(answer) ?? refreshToken;
}

import type { Answer } from '../answer.ts';
import { tally } from '../answer.ts';
import type { Course } from '../course.ts';
import type { Observation, Round, Rule } from '../finding.ts';
import type { Showing } from '../showing.ts';

export interface Trial {
  readonly name: string;
  rules(course: Course): readonly Rule[];
  /** Why it is not run at all, if so. */
  unfit?(course: Course): Unfit | undefined;
  /** The rounds, ready to be run one after another. */
  plan(course: Course): Promise<readonly (() => Promise<Round>)[]>;
}

/** `skipped`: it does not apply, or was not asked for. `could not tell`: it does, and still nothing can be seen. */
export interface Unfit {
  readonly verdict: 'skipped' | 'could not tell';
  readonly because: string;
}

export function skipped(because: string): Unfit {
  return { verdict: 'skipped', because };
}

/** As many rounds as were asked for, all alike. */
export async function alike(course: Course, round: (index: number) => Promise<Round>) {
  return Array.from({ length: course.rounds }, (_, index) => () => round(index));
}

export function seen(showing: Showing, answers: readonly Answer[]): Observation {
  return { showing, answers: tally(answers) };
}

export function needsRefreshTokens({ facts }: Course): Unfit | undefined {
  if (facts.givesRefreshTokens) return undefined;
  const because = 'the client gets no refresh token; register it for refresh_token, or ask for --scope offline_access';
  return { verdict: 'could not tell', because };
}

/**
 * RFC 9700, section 4.14.2: a client that authenticates may keep one refresh token for good. For a public client that
 * would be a finding, so there it is tried.
 */
export function needsRotation(course: Course): Unfit | undefined {
  const { facts, client } = course;
  if (!facts.givesRefreshTokens) return needsRefreshTokens(course);
  if (facts.rotates || client.identity.method === 'none') return undefined;
  return skipped('this server gives the client the same refresh token again, so nothing is rotated');
}

/** Uses each token once, one after another: what is tried must not disturb what is tried next. */
export async function tryEach<Token>(tokens: readonly Token[], use: (token: Token) => Promise<Answer>) {
  const answers: Answer[] = [];
  for (const token of tokens) answers.push(await use(token));
  return answers;
}

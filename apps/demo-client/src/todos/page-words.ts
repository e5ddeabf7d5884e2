import type { PendingAction } from '../sign-in/pending-action.ts';
import type { ChallengeNeeds } from './challenge-needs.ts';
import type { Mending, PageWords } from './todo-page.ts';
import type { Answer } from './todos-api.ts';

/** What the list's page may be told to say, by the `notice` of its address. */
export const notices: Readonly<Record<string, string>> = {
  'old-page':
    'This page was old: you have signed in or out in another tab since. Nothing was changed; please try again.',
  done: 'Done: you have allowed it, and it was carried out.',
  'not-done': 'It could not be carried out just now. Please try it once more.',
  'still-not-allowed': 'It was not carried out, since you did not allow it, or your account may not.',
  'not-yours': 'It was not carried out: somebody else had begun it, and you are signed in now.',
  'not-checked': 'The place where you sign in did not answer. You are still signed in here.',
  'not-renewed': 'The access could not be renewed just now. You are still signed in.',
  ended: 'Your sign-in has ended. Sign in again to go on; nothing is lost.',
};

/** What a person is told of an action that did not go through, with the button that mends it where one can. */
export function failureWords(
  answer: Exclude<Answer<undefined>, { kind: 'done' | 'ended' }>,
  action: PendingAction,
): PageWords {
  if (answer.kind === 'away') return { error: 'This could not be saved just now. Try again in a moment.' };
  const { status, needs, reason } = answer;
  if (needs) return { error: needWords(needs), mend: mending(action, needs) };
  if (status === 404) return { error: 'This todo is gone: it was deleted meanwhile, perhaps in another tab.' };
  if (status === 412)
    return {
      error: 'This todo was changed meanwhile, perhaps in another tab. Look at both, then save yours or leave it.',
    };
  if (status === 429) return { error: 'That was too much at once. Wait a moment, then try again.' };
  if (status === 401 || status === 403) return { error: 'This is not allowed for you. Nothing was changed.' };
  return { error: reason === '' ? 'This was not accepted.' : `This was not accepted: ${reason}` };
}

function needWords({ scope }: ChallengeNeeds): string {
  return scope === undefined
    ? 'For this you must have signed in just now. Nothing was changed so far.'
    : 'This app may not do that so far. Nothing was changed yet.';
}

/** The form that asks for what is missing, and has the action carried out afterwards. */
function mending(action: PendingAction, { scope, maxAge, acrValues }: ChallengeNeeds): Mending {
  const fields = { ...action, scope, max_age: maxAge, acr_values: acrValues, return_to: '/' };
  return {
    words: scope === undefined ? 'Sign in again and do it' : 'Ask me, then do it',
    fields: Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined),
  };
}

import { type Answer, refreshTokenIn, tally, told } from './answer.ts';
import { shortened } from './shortened.ts';

/** What one round showed about one rule. */
export type Showing =
  | { readonly kind: 'held' }
  | { readonly kind: 'broken'; readonly how: string }
  | { readonly kind: 'nothing'; readonly why: string };

export const held: Showing = { kind: 'held' };
export const broken = (how: string): Showing => ({ kind: 'broken', how });
export const nothing = (why: string): Showing => ({ kind: 'nothing', why });

const isAccepted = ({ kind }: Answer) => kind === '200';
const isRefused = ({ kind }: Answer) => kind === '400 invalid_grant' || kind === 'other 4xx';
/** Held up or lost on the way: neither a yes nor a no. */
const isMute = ({ kind }: Answer) => kind === '429' || kind === 'network';

/** Of uses at one time one is accepted. Where nobody is, or nobody else arrives, there was no race. */
export function atMostOneAccepted(answers: readonly Answer[], what: string): Showing {
  const accepted = answers.filter(isAccepted);
  if (accepted.length > 1) {
    const gotten = [...new Set(accepted.map(refreshTokenIn))].filter((token) => token !== undefined);
    const named = gotten.slice(0, 3).map(shortened).join(', ');
    const tokens = named && `; refresh tokens ${named}${gotten.length > 3 ? ' and more' : ''}`;
    return broken(`${what} was accepted ${accepted.length} times of ${answers.length}${tokens}`);
  }
  if (accepted.length === 0) return nothing(`nobody was accepted: ${counted(answers)}`);
  return answers.some(isRefused) ? held : nothing(`only one use was decided: ${counted(answers)}`);
}

/** RFC 6749, section 5.2: whoever comes late is told so, and in these words. */
export function losersAreTold(answers: readonly Answer[]): Showing {
  const losers = answers.filter((answer) => !isAccepted(answer) && !isMute(answer));
  const odd = losers.find(({ kind }) => kind !== '400 invalid_grant');
  if (odd) return broken(`a use that came late was answered ${told(odd)}`);
  return losers.length > 0 ? held : nothing(`nobody was refused: ${counted(answers)}`);
}

/** Every use is refused with `invalid_grant`. */
export function allRefused(answers: readonly Answer[], what: string): Showing {
  const accepted = answers.filter(isAccepted);
  if (accepted.length > 0) return broken(`${what} was accepted ${accepted.length} times of ${answers.length}`);
  const odd = answers.find((answer) => answer.kind !== '400 invalid_grant' && !isMute(answer));
  if (odd) return broken(`${what} was answered ${told(odd)}`);
  return answers.every(isMute) ? nothing(`no use was decided: ${counted(answers)}`) : held;
}

/** What should be dead is tried, each token once; what is said about it does not matter. */
export function allDead(answers: readonly Answer[], what: string): Showing {
  const alive = answers.filter(isAccepted).length;
  if (alive > 0) return broken(`${what}: ${alive} of ${answers.length} still worked`);
  if (answers.length === 0) return nothing('there was no token to try');
  return answers.every(isRefused) ? held : nothing(`not all answers say whether it is dead: ${counted(answers)}`);
}

/** With a grace every use succeeds, and all of them get the same successor. */
export function oneSuccessor(answers: readonly Answer[], what: string): Showing {
  const successors = new Set(answers.filter(isAccepted).map(refreshTokenIn));
  if (successors.size > 1) {
    const named = [...successors].slice(0, 3).map((token) => (token === undefined ? 'none' : shortened(token)));
    return broken(`${what} got ${successors.size} successors: ${named.join(', ')}${successors.size > 3 ? ', …' : ''}`);
  }
  const odd = answers.find((answer) => !isAccepted(answer) && !isMute(answer));
  if (odd) return broken(`${what} was refused within the grace: ${told(odd)} (${counted(answers)})`);
  return answers.filter(isAccepted).length > 1
    ? held
    : nothing(`fewer than two uses were decided: ${counted(answers)}`);
}

/** Of the successors that were handed out, each tried once, at most one works. */
export function oneLine(answers: readonly Answer[], what: string): Showing {
  const alive = answers.filter(isAccepted).length;
  if (alive > 1) return broken(`${what}: ${alive} lines live on beside one another`);
  if (answers.length === 0) return nothing('no successor was handed out');
  return answers.some((answer) => isMute(answer) || answer.kind === '5xx')
    ? nothing(`not all answers say whether a line lives on: ${counted(answers)}`)
    : held;
}

function counted(answers: readonly Answer[]): string {
  return Object.entries(tally(answers))
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(', ');
}

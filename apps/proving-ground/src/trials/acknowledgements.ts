import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '@latchkey/race-suite/wire';
import { refreshTokenIn } from '@latchkey/race-suite/wire';
import type { App } from '../fleet/app.ts';

/** What came out of a trial; each list names what should not have happened. */
export interface Ledger {
  /** Answers that were received in full. */
  acknowledged: number;
  /** Requests that got no answer, or a 503, and were sent again. */
  cutOff: number;
  readonly lost: string[];
  readonly spentTwice: string[];
  /** A 500 and everything else that nobody should ever see. */
  readonly wrong: string[];
}

export function newLedger(): Ledger {
  return { acknowledged: 0, cutOff: 0, lost: [], spentTwice: [], wrong: [] };
}

/** The refresh tokens of one grant, one after the other, and the code that they began with. */
export interface Line {
  readonly app: App;
  readonly code: Parameters<App['client']['exchange']>[0];
  readonly spent: string[];
  live: string;
}

/** Keeps asking until there is an answer: cut off and 503 say nothing about what had happened. */
async function answered(ledger: Ledger, ask: () => Promise<Answer>, until: () => boolean): Promise<Answer | undefined> {
  for (;;) {
    const answer = await ask();
    if (answer.kind !== 'network' && answer.status !== 503) return answer;
    if (answer.status === 503 && !answer.headers.has('retry-after')) ledger.wrong.push('a 503 without Retry-After');
    ledger.cutOff += 1;
    if (until()) return undefined;
    await pause();
  }
}

/** Begins a line, in a session of its own: reuse ends all that came of one session. Undefined when the answer was cut off after the code was spent: then nobody has got anything. */
export async function beginLine(
  open: () => Promise<App>,
  ledger: Ledger,
  over: () => boolean,
): Promise<Line | undefined> {
  const app = await open().catch((error: Error) => void noCode(error, ledger));
  const code = await app?.codes.code().catch((error: Error) => void noCode(error, ledger));
  if (!app || !code) return void (await pause());
  const cutOffBefore = ledger.cutOff;
  const answer = await answered(ledger, () => app.client.exchange(code), over);
  if (answer?.kind === '200') {
    ledger.acknowledged += 1;
    return { app, code, spent: [], live: refreshTokenIn(answer) ?? '' };
  }
  if (answer && (answer.kind !== '400 invalid_grant' || ledger.cutOff === cutOffBefore)) {
    ledger.wrong.push(`a fresh code was answered ${answer.status} ${answer.error}`);
  }
  return undefined;
}

/** The next refresh of a line; what was acknowledged before must always work. */
export async function refreshLine(line: Line, ledger: Ledger, over: () => boolean): Promise<void> {
  const answer = await answered(ledger, () => line.app.client.refresh(line.live), over);
  if (!answer) return;
  const next = refreshTokenIn(answer);
  if (answer.kind !== '200' || next === undefined) {
    ledger.lost.push(`after ${line.spent.length} refreshes: ${answer.status} ${answer.error}`);
    line.live = '';
    return;
  }
  ledger.acknowledged += 1;
  line.spent.push(line.live);
  line.live = next;
}

/** At the end: each line's last token works, its code and its oldest tokens do not. */
export async function auditLine(line: Line, ledger: Ledger): Promise<void> {
  const { app } = line;
  if (line.live === '') return;
  const never = () => false;
  await refreshLine(line, ledger, never);
  const oldest = line.spent.at(-2);
  if (oldest !== undefined) {
    const again = await answered(ledger, () => app.client.refresh(oldest), never);
    if (again?.kind !== '400 invalid_grant') ledger.spentTwice.push(`a spent refresh token: ${again?.status}`);
  }
  const replay = await answered(ledger, () => app.client.exchange(line.code), never);
  if (replay?.kind !== '400 invalid_grant') ledger.spentTwice.push(`a spent code: ${replay?.status}`);
}

/** As a client waits before it asks again. */
function pause(): Promise<void> {
  return delay(25);
}

/** Without an answer or with a 503 the next try will do; with any other, the session is gone. */
function noCode({ message }: Error, ledger: Ledger): void {
  if (/^Nobody answered|answered 503/.test(message)) ledger.cutOff += 1;
  else ledger.lost.push(`a session: ${message}`);
}

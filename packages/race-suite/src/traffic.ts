import { type Answer, answerOf, noAnswer, type Reply } from './answer.ts';
import { RaceFailure } from './race-failure.ts';

/** All that goes over the wire, counted. */
export interface Traffic {
  readonly requests: number;
  /**
   * One request whose redirect is not followed.
   *
   * @throws {RaceFailure} when nobody answers, or not in time
   */
  send(url: string | URL, init?: RequestInit): Promise<Reply>;
  /** The same, but that nobody answers is an answer too. */
  ask(url: string | URL, init?: RequestInit): Promise<Answer>;
}

/** @param timeoutMs after which an answer is given up */
export function createTraffic(timeoutMs = 30_000): Traffic {
  let requests = 0;

  async function exchange(url: string | URL, init: RequestInit = {}): Promise<Reply> {
    requests += 1;
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  return {
    get requests() {
      return requests;
    },
    send: (url, init) =>
      exchange(url, init).catch((reason: unknown) => {
        throw new RaceFailure(`Nobody answered at ${new URL(url).origin}: ${noAnswer(reason).error}`, {
          cause: reason,
        });
      }),
    ask: (url, init) => exchange(url, init).then(answerOf, noAnswer),
  };
}

/** Starts all uses in one turn of the event loop, so that they travel side by side. */
export function volley<Result>(count: number, use: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => use(index)));
}

import { canonicalUsername } from '../accounts/accounts.ts';
import { addressKey } from './address-key.ts';
import { createGate } from './gate.ts';
import { createThrottle } from './throttles.ts';

interface SignInAttempt {
  readonly username: string;
  readonly ip: string;
  /** The browser has signed in as this person before. */
  readonly knownDevice: boolean;
}

export interface SignInThrottle {
  /** Seconds to wait, 0 if the password may be tried now. */
  waitFor(attempt: SignInAttempt): Promise<number>;
  failed(attempt: SignInAttempt): Promise<void>;
  succeeded(attempt: SignInAttempt): Promise<void>;
  /** More are waiting than can be served in good time. */
  readonly overcrowded: boolean;
  /**
   * Runs tries of one address at one name one after another, and few of all at once: a burst cannot slip past a count
   * that comes after it, and hashing passwords leaves room for everything else.
   */
  inTurn<Result>(attempt: SignInAttempt, run: () => Promise<Result>): Promise<Result>;
}

/** A password costs tens of milliseconds of one processor. */
const passwordsAtOnce = 2;
const mostPending = 300;

/**
 * Three views of the same guesses: one address against one name, one address against all names, all addresses against
 * one name. The last would let a stranger keep a person out, so a browser that the person has used before is counted
 * apart from the crowd.
 */
export function createSignInThrottle(): SignInThrottle {
  const pair = createThrottle('sign-in-pair', [
    { points: 5, duration: 30 },
    { points: 20, duration: 900 },
  ]);
  const address = createThrottle('sign-in-address', [{ points: 100, duration: 300 }]);
  const name = createThrottle('sign-in-name', [{ points: 100, duration: 900 }]);
  const gate = createGate(passwordsAtOnce);
  let pending = 0;
  const turns = new Map<string, Promise<void>>();
  const crowd = (knownDevice: boolean) => (knownDevice ? 'known device' : 'anywhere');

  return {
    async waitFor({ username, ip, knownDevice }) {
      const waits = await Promise.all([
        pair.waitFor(canonicalUsername(username), addressKey(ip)),
        address.waitFor(addressKey(ip)),
        name.waitFor(canonicalUsername(username), crowd(knownDevice)),
      ]);
      return Math.max(...waits);
    },
    async failed({ username, ip, knownDevice }) {
      await Promise.all([
        pair.failed(canonicalUsername(username), addressKey(ip)),
        address.failed(addressKey(ip)),
        name.failed(canonicalUsername(username), crowd(knownDevice)),
      ]);
    },
    async succeeded({ username, ip }) {
      await pair.succeeded(canonicalUsername(username), addressKey(ip));
    },
    get overcrowded() {
      return pending >= mostPending;
    },
    async inTurn({ username, ip }, run) {
      const key = JSON.stringify([canonicalUsername(username), addressKey(ip)]);
      const before = turns.get(key) ?? Promise.resolve();
      pending += 1;
      const mine = before.then(() => gate.through(run));
      const settled = mine.then(ignore, ignore);
      turns.set(key, settled);
      try {
        return await mine;
      } finally {
        pending -= 1;
        if (turns.get(key) === settled) turns.delete(key);
      }
    },
  };
}

function ignore(): void {}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Nonces that the server gives out for proofs (RFC 9449, section 9). */
export interface DpopNonces {
  /** For the `DPoP-Nonce` header: the same for everybody during a window. */
  issue(): string;
  /** Whether it was issued in this window or in the one before. */
  accepts(nonce: unknown): boolean;
}

export interface DpopNoncesOptions {
  /**
   * At least 32 bytes, the same for all replicas, so that each accepts what another gave out. Default: random, for an
   * API of one process. Kept secret: who has it makes proofs in advance.
   */
  readonly secret?: Uint8Array;
  /** A nonce is accepted for this long at least, and twice as long at most. In seconds; default 60. */
  readonly windowSeconds?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Nonces that need no storage: each is the keyed hash of the number of its time window. They prove that a proof is
 * fresh by the server's clock (RFC 9449, section 8), not that it is presented once: that is the replay store's business.
 *
 * @throws {TypeError} for a short secret or a window that is not positive
 */
export function createDpopNonces(options: DpopNoncesOptions = {}): DpopNonces {
  const { secret = randomBytes(32), windowSeconds = 60, now = () => Date.now() } = options;
  if (secret.byteLength < 32) throw new TypeError('the secret of DPoP nonces must have 32 bytes or more');
  if (!(windowSeconds > 0)) throw new TypeError('the window of DPoP nonces must be longer than 0 seconds');

  const window = () => Math.floor(now() / (windowSeconds * 1000));
  const nonceOf = (window: number) => createHmac('sha256', secret).update(`dpop nonce ${window}`).digest('base64url');

  return {
    issue: () => nonceOf(window()),
    accepts(nonce) {
      if (typeof nonce !== 'string') return false;
      const current = window();
      return [current, current - 1].some((window) => isSame(nonce, nonceOf(window)));
    },
  };
}

/** NOTE: in constant time, since one who may guess letter by letter needs no nonce from the server. */
function isSame(given: string, expected: string): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, Buffer.from(expected));
}

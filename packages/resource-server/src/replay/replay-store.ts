/**
 * Remembers which proofs were presented, so that none passes twice (RFC 9449, section 11.1). What a proof is, and how
 * long it could pass at all, is the business of those who ask.
 */
export interface ReplayStore {
  /**
   * Whether `key` was not seen before; from then on it was. Of any number of calls with one key, at the same time and in
   * any number of processes that share the store, exactly one gets true.
   *
   * @param key short, and the same for the same proof only: a hash
   * @param expiresAt until when it must be remembered, in milliseconds since the epoch; it may be forgotten afterwards
   * @throws or rejects when the store cannot tell: its database is away, or it is full ({@link ReplayStoreFullError}).
   * Nothing may be accepted then: answer 503.
   */
  spend(key: string, expiresAt: number): boolean | Promise<boolean>;
}

/** A store in a database, whose table has to be there. */
export interface StoredReplayStore extends ReplayStore {
  /** Makes the table where there is none. Several processes may do so at once; who has it made elsewhere need not. */
  migrate(): Promise<void>;
}

/** No room, since everything in the store could still be replayed. */
export class ReplayStoreFullError extends Error {
  override readonly name = 'ReplayStoreFullError';
}

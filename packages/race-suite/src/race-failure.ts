/** The suite cannot run, or not on; the message says what is in the way. */
export class RaceFailure extends Error {}

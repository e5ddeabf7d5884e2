/** There at once, or later. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * Goes on at once with what is there at once. Most requests bring a token that is known and need nobody to be asked: each
 * `await` on their way would cost about as much as looking the token up.
 */
export function andThen<Value, Next>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Next>,
): Awaitable<Next> {
  return isLater(value) ? Promise.resolve(value).then(next) : next(value);
}

/** NOTE: not by `instanceof`: a promise of a library or of another realm is a promise, too, and must not pass for `true`. */
export function isLater<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

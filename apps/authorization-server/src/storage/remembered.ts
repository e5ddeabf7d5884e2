import type { Keyring } from '../keys/keyring.ts';

/**
 * Remembers what a function gave for its last arguments, for digests of names that come again and again.
 * Nothing that opens anything on its own is kept this way.
 */
export function remembered<Value>(most: number, make: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      if (known.size >= most) known.clear();
      known.set(key, value);
    }
    return value;
  };
}

/** Opens rows that are read at every request and seldom change: for as long as a row is the same, it is opened once. */
export function rememberingOpener(keyring: Keyring, most: number): (row: string, sealed: string) => string {
  const known = new Map<string, { readonly row: string; readonly text: string }>();
  return (row, sealed) => {
    const before = known.get(sealed);
    // NOTE: opened in the place of another row, it would not have opened.
    if (before?.row === row) return before.text;
    const text = keyring.open('artifact-seal', row, sealed);
    if (known.size >= most) known.clear();
    known.set(sealed, { row, text });
    return text;
  };
}

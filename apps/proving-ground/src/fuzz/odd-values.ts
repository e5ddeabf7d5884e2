import type { Random } from './random.ts';

/** JSON texts that are no string, among them numbers that no double can hold. */
const notText = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '7',
  '1e308',
  '1e999',
  '-1e999',
  '5e-324',
  '[]',
  '{}',
  '[null]',
  '[[]]',
];
const notNumbers = [
  'null',
  'true',
  'false',
  '""',
  '"NaN"',
  '"Infinity"',
  '"0x7f"',
  '"1e3"',
  '[]',
  '{}',
  '[7]',
  '{"valueOf":7}',
  '1e999',
];

export function notAString(random: Random): string {
  return random.chance(0.6) ? random.pick(notText) : nested(random, 3);
}

/** Nor one that is finite. */
export function notANumber(random: Random): string {
  return random.chance(0.6) ? random.pick(notNumbers) : nested(random, 3);
}

/** A list or an object, with whatever in it. */
export function nested(random: Random, depth: number): string {
  const inner = () => (depth > 0 && random.chance(0.5) ? nested(random, depth - 1) : leaf(random));
  const items = Array.from({ length: random.below(4) }, inner);
  if (random.chance(0.5)) return `[${items.join(',')}]`;
  const names = ['__proto__', 'constructor', 'toString', 'sub', 'then', 'length', '0', ''];
  return `{${items.map((item) => `${JSON.stringify(random.pick(names))}:${item}`).join(',')}}`;
}

function leaf(random: Random): string {
  return random.pick([...notText, JSON.stringify(oddText(random)), '"alice"']);
}

const oddLetters = [
  '\u0000',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\ufeff',
  '\ud800',
  'é',
  'ſ',
  'K',
  '𝕏',
  '/',
  '\\',
  '"',
  "'",
  ';',
  '%',
  ' ',
];

export function oddText(random: Random): string {
  return Array.from({ length: 1 + random.below(6) }, () => random.pick(oddLetters)).join('');
}

/** Another text than this one, and like it. */
export function unlike(text: string, random: Random): string {
  const at = random.below(text.length);
  const made = random.pick([
    () => `${text}/`,
    () => text.slice(0, -1),
    () => text.slice(0, at) + oddText(random) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text + oddText(random),
    () => oddText(random) + text,
    () => text.toUpperCase(),
    () => text.replace('https:', 'http:'),
    () => `${text} ${text}`,
    () => '',
  ])();
  return made === text ? `${text}x` : made;
}

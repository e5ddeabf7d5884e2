import type { Presented } from './draft.ts';
import { oddText } from './odd-values.ts';
import type { Random } from './random.ts';

const lettersOfJwt = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/';

/** What can happen to any text on its way, or be done to it by somebody who knows how a JWT looks. */
const textEdits: Readonly<Record<string, (text: string, random: Random) => string>> = {
  'a letter': (text, random) => spliced(text, random.below(text.length), 1, letter(random)),
  'a bit': (text, random) => {
    const at = random.below(text.length);
    return spliced(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))));
  },
  'the last letter': (text, random) => text.slice(0, -1) + letter(random),
  'a letter more': (text, random) => spliced(text, random.below(text.length + 1), 0, letter(random)),
  'odd letters more': (text, random) => spliced(text, random.below(text.length + 1), 0, oddText(random)),
  'cut off': (text, random) => text.slice(0, random.below(text.length)),
  'a piece less': (text, random) => spliced(text, random.below(text.length), 1 + random.below(20), ''),
  'a piece twice': (text, random) => {
    const at = random.below(text.length);
    return spliced(text, at, 0, text.slice(at, at + 1 + random.below(60)));
  },
  'parts in another order': (text, random) => shuffled(text.split('.'), random).join('.'),
  'a part more': (text, random) => [...text.split('.'), random.pick(text.split('.'))].join('.'),
  'a part less': (text, random) => {
    const parts = text.split('.');
    return parts.toSpliced(random.below(parts.length), 1).join('.');
  },
  'a part emptied': (text, random) => {
    const parts = text.split('.');
    return parts.with(random.below(parts.length), '').join('.');
  },
  'the other alphabet': (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
  padding: (text, random) =>
    text.replace(random.pick([/\./, /$/]), (found) => `${'='.repeat(1 + random.below(2))}${found}`),
  'a part in other letters': (text, random) => {
    const parts = text.split('.');
    const at = random.below(parts.length);
    return parts
      .with(at, random.pick([(part: string) => part.toUpperCase(), percentEncoded])(parts[at] ?? ''))
      .join('.');
  },
  'twice, with a comma': (text) => `${text}, ${text}`,
  'with blanks around': (text, random) => random.pick([` ${text}`, `${text} `, `\t${text}\t`, text.replace(' ', '  ')]),
  'in quotes': (text) => `"${text}"`,
  'too long': (text, random) => text + 'A'.repeat(random.pick([16_384, 20_000, 100_000])),
  'nothing left': () => '',
};

const textEditNames = Object.keys(textEdits);

/** The request with the value of one header changed, and by what. */
export function withTextEdit(
  presented: Presented,
  random: Random,
): { readonly presented: Presented; readonly by: string } {
  const changeable = presented.headers.flatMap(([name], index) =>
    /^(authorization|dpop)$/i.test(name) ? [index] : [],
  );
  const at = random.pick(changeable);
  const by = random.pick(textEditNames);
  const headers = presented.headers.map(([name, value], index) =>
    index === at ? ([name, (value && textEdits[by]?.(value, random)) ?? ''] as const) : ([name, value] as const),
  );
  return { presented: { ...presented, headers }, by: `text of ${presented.headers[at]?.[0].toLowerCase()}: ${by}` };
}

function spliced(text: string, at: number, removed: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + removed);
}

function letter(random: Random): string {
  return random.chance(0.7)
    ? random.pick([...lettersOfJwt])
    : String.fromCharCode(random.below(random.chance(0.8) ? 256 : 65_536));
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** NOTE: half of a surrogate pair, which an earlier change may have left, cannot be encoded. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

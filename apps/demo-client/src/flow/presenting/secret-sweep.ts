import type { PresentedExchange } from '../presented-exchange.ts';

/** Where something that somebody else has written may stand. */
const texts = new Set(['text', 'value', 'url', 'title', 'label', 'words', 'failure', 'body']);

/** The last look before anything leaves: what is secret in one place of an exchange is so in all. */
export function withoutKnown(exchange: PresentedExchange, secrets: ReadonlyMap<string, string>): PresentedExchange {
  const longestFirst = [...secrets].sort(([one], [other]) => other.length - one.length);
  const swept = (text: string) => longestFirst.reduce((rest, [secret, mark]) => rest.split(secret).join(mark), text);
  return sweep(exchange, swept) as PresentedExchange;
}

function sweep(value: unknown, swept: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => sweep(each, swept));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, inner]) => [
    name,
    typeof inner === 'string' && texts.has(name) ? swept(inner) : sweep(inner, swept),
  ]);
  return Object.fromEntries(members);
}

import type { Frame } from './cpu-profile.ts';

export const groups = [
  'signing and crypto',
  'database',
  'query builder',
  'engine',
  'ours',
  'koa',
  'node http and net',
  'garbage collector',
  'other',
] as const;

export type Group = (typeof groups)[number];

/** The first that fits. */
const places: readonly (readonly [RegExp, Group])[] = [
  [/node_modules\/(jose|oidc-token-hash)\//, 'signing and crypto'],
  [/^node:(internal\/)?crypto/, 'signing and crypto'],
  // NOTE: the driver is native, so its time is that of whoever calls it.
  [/\/packages\/database\/src\/(sqlite|postgres)\//, 'database'],
  [/node_modules\/(better-sqlite3|pg|pg-[a-z]+|pgpass|postgres-[a-z]+)\//, 'database'],
  [/node_modules\/kysely\//, 'query builder'],
  [/node_modules\/oidc-provider\//, 'engine'],
  [/node_modules\/(@koa|koa|koa-[a-z]+|cookies|keygrip|raw-body|co-body|accepts|negotiator|fresh|type-is)\//, 'koa'],
  [/\/(apps|packages|db)\/(?!.*node_modules)/, 'ours'],
  [
    /^node:(_http|http|net|internal\/(streams|stream_base|http|net|timers|js_stream)|stream|events|_stream|buffer)/,
    'node http and net',
  ],
];

/** Undefined for time in which nothing was to do. */
export function groupOf(frame: Frame): Group | undefined {
  if (frame.functionName === '(idle)') return undefined;
  if (frame.functionName === '(garbage collector)') return 'garbage collector';
  if (frame.url === '') return nativeGroup(frame);
  return places.find(([place]) => place.test(frame.url))?.[1] ?? 'other';
}

/** What is not written in JavaScript has no address: it belongs to whoever called it. */
function nativeGroup({ caller }: Frame): Group {
  if (!caller) return 'other';
  return caller.url === '' ? nativeGroup(caller) : (groupOf(caller) ?? 'other');
}

/**
 * On whose account the time was spent: the nearest caller that is ours or the engine's. What our code has others do for it
 * counts here, what the engine does for itself does not.
 */
export function billedTo(frame: Frame): Frame | undefined {
  for (let at: Frame | undefined = frame; at; at = at.caller) {
    const group = at.url === '' ? undefined : groupOf(at);
    if (group === 'ours' || (group === 'database' && !at.url.includes('/node_modules/'))) return at;
    if (group === 'engine') return undefined;
  }
  return undefined;
}

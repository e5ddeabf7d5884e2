import { textTable } from '../report/text-table.ts';
import type { Frame, FrameTime } from './cpu-profile.ts';
import { billedTo, type Group, groupOf, groups } from './profile-groups.ts';

const mostFunctions = 10;
const mostBilled = 30;

/** Where the time went, in percent of the time in which there was something to do. */
export function profileReport(times: readonly FrameTime[]): string {
  const busy = times.flatMap(({ frame, self }) => {
    const group = groupOf(frame);
    return group ? [{ frame, self, group }] : [];
  });
  const total = sum(busy);
  const percent = (self: number) => `${((100 * self) / total).toFixed(1)} %`;
  const perGroup = Map.groupBy(busy, ({ group }) => group);
  const ranked = groups.toSorted((a, b) => sum(perGroup.get(b) ?? []) - sum(perGroup.get(a) ?? []));

  const top = (group: Group) =>
    tally(perGroup.get(group) ?? [], ({ frame }) => nameOf(frame))
      .slice(0, mostFunctions)
      .map(([name, self]) => [`  ${name}`, percent(self)]);
  const byGroup = ranked.flatMap((group) => [[group, percent(sum(perGroup.get(group) ?? []))], ...top(group)]);

  const billed = busy.flatMap(({ frame, self }) => {
    const to = billedTo(frame);
    return to ? [{ frame: to, self }] : [];
  });
  const bill = tally(billed, ({ frame }) => nameOf(frame)).slice(0, mostBilled);
  const idle = sum(times) - total;
  return [
    `Nothing to do: ${((100 * idle) / sum(times)).toFixed(1)} % of the time. Of the rest:`,
    '',
    'Self time, by group',
    textTable(byGroup),
    '',
    `On the account of our functions, with what they call: ${percent(sum(billed))}`,
    textTable(bill.map(([name, self]) => [`  ${name}`, percent(self)])),
  ].join('\n');
}

function sum(times: readonly { readonly self: number }[]): number {
  return times.reduce((total, { self }) => total + self, 0);
}

function tally<Time extends { readonly self: number }>(times: readonly Time[], nameOfTime: (time: Time) => string) {
  const byName = Map.groupBy(times, nameOfTime);
  return [...byName].map(([name, own]) => [name, sum(own)] as const).toSorted(([, a], [, b]) => b - a);
}

/** `save  oidc-provider/…/models/grant.js:12`; what is part of Node is named with the nearest caller that is not. */
function nameOf(frame: Frame): string {
  const name = frame.functionName || '(anonymous)';
  if (frame.url.startsWith('file:')) return `${name}  ${placeOf(frame)}`;
  let caller = frame.caller;
  while (caller && !caller.url.startsWith('file:')) caller = caller.caller;
  return caller ? `${name} ← ${nameOf(caller)}` : name;
}

/** The end of the path is enough to find it. */
function placeOf({ url, lineNumber }: Frame): string {
  const place = url.replace(/^.*\/(?:node_modules|apps|packages)\//, '').replace(/^(.*?\/).*\/(.*\/.*)$/, '$1…/$2');
  return `${place}:${lineNumber + 1}`;
}

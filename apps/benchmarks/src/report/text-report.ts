import type { Finding } from './findings.ts';
import type { Summary } from './statistics.ts';
import { textTable } from './text-table.ts';

const head = ['', 'bare /s', 'ours /s', 'min', 'median', 'max', 'by core', 'aim', ''];

/** For people: one table for each kind of ours. */
export function textReport(findings: readonly Finding[]): string {
  const byContender = Map.groupBy(findings, ({ contender }) => contender);
  return [...byContender]
    .map(([contender, found]) => {
      const rows = found.map(rowOf);
      const table = textTable([[contender, ...head.slice(1)], ...rows]);
      const fuller = found.filter(({ toEmpty }) => toEmpty);
      if (fuller.length === 0) return table;
      const compared = fuller.map(({ title, toEmpty }) => [title, ...(toEmpty ? cells(toEmpty) : [])]);
      return `${table}\n\n${textTable([['… to the empty one', 'min', 'median', 'max'], ...compared])}`;
    })
    .join('\n\n');
}

function rowOf({ title, barePerSecond, perSecond, toBare, cpuToBare, aim, reached }: Finding): string[] {
  const verdict = reached === undefined ? '' : reached ? 'reached' : 'not reached';
  const speeds = [whole(barePerSecond), whole(perSecond), ...cells(toBare)];
  return [title, ...speeds, cpuToBare?.median.toFixed(2) ?? '', aim?.toFixed(1) ?? '', verdict];
}

function cells({ min, median, max }: Summary): string[] {
  return [min, median, max].map((ratio) => ratio.toFixed(2));
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}

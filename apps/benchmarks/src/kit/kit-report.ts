import type { Summary } from '../report/statistics.ts';
import { textTable } from '../report/text-table.ts';
import { peerNames } from './kit-contender.ts';
import type { KitFinding } from './kit-findings.ts';

const head = ['unguarded /s', '/s', 'by speed', 'by core', 'peer by core', 'aim', ''];

/** For people: one table for each framework. */
export function kitReport(findings: readonly KitFinding[]): string {
  const byFramework = Map.groupBy(findings, ({ framework }) => framework);
  return [...byFramework]
    .map(([framework, found]) => textTable([[framework, ...head], ...found.map(rowOf)]))
    .join('\n\n');
}

function rowOf(finding: KitFinding): string[] {
  const { framework, title, guard, toUnguarded, byCore, toPeer, aim, reached } = finding;
  const verdict = reached === undefined ? '' : reached ? 'reached' : 'not reached';
  return [
    `${title}: ${guard.replace('peer', peerNames[framework] ?? 'peer')}`,
    ...[finding.unguardedPerSecond, finding.perSecond].map((speed) => Math.round(speed).toLocaleString('en')),
    rangeOf(toUnguarded),
    rangeOf(byCore),
    toPeer ? rangeOf(toPeer) : '',
    aim ?? '',
    verdict,
  ];
}

function rangeOf({ min, median, max }: Summary): string {
  return [min, median, max].map((ratio) => ratio.toFixed(2)).join(' / ');
}

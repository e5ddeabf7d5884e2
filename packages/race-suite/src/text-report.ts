import { styleText } from 'node:util';
import type { Finding, Verdict } from './finding.ts';
import type { RaceReport } from './race-report.ts';

const marks = { held: '✓', 'did not hold': '✗', 'could not tell': '?', skipped: '–' } as const;
const colours = { held: 'green', 'did not hold': 'red', 'could not tell': 'yellow', skipped: 'gray' } as const;

/** The report for people: a line for each rule, then what went wrong, then what it comes to. */
export function textReport(report: RaceReport, { colour = false }: { readonly colour?: boolean } = {}): string {
  const { findings, requests, seconds, requestsPerSecond } = report;
  const rows = findings.map((finding, index) => cells(finding, findings[index - 1]));
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  const lines = rows.map((row, index) => {
    const [verdict = '', ...rest] = row.map((cell, at) => (at < row.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell));
    const painted = colour ? styleText(colours[findings[index]?.verdict ?? 'skipped'], verdict) : verdict;
    return [painted, ...rest].join('  ').trimEnd();
  });
  return [
    heading(report),
    lines.join('\n'),
    ...findings.flatMap(details),
    `${conclusion(report)}\n${requests.toLocaleString('en')} requests in ${seconds.toFixed(1)} s, ${requestsPerSecond.toLocaleString('en')} a second.`,
  ].join('\n\n');
}

function heading({ issuer, clientId, rounds, parallel, grace }: RaceReport): string {
  const allowed = grace > 0 ? `a grace of ${grace} s` : 'no grace';
  return `${issuer}\nclient ${clientId}, ${rounds} rounds of ${parallel} at once, ${allowed}`;
}

function cells(finding: Finding, before: Finding | undefined): string[] {
  const { trial, verdict, says, from, level, rounds } = finding;
  const tried = rounds.held + rounds.broken + rounds.nothing;
  return [
    `${marks[verdict]} ${verdict}`,
    trial === before?.trial ? '' : trial,
    says,
    from,
    level,
    tried > 0 ? `${rounds.held}/${tried}` : '',
    // NOTE: a trial that did not run says why, once.
    tried > 0 ? answered(finding) : trial === before?.trial ? '' : (finding.because ?? ''),
  ];
}

function answered({ answers, verdict, because }: Finding): string {
  const counts = Object.entries(answers).map(([kind, count]) => `${count.toLocaleString('en')} × ${kind}`);
  return [...counts, ...(verdict === 'could not tell' && because ? [because] : [])].join(', ');
}

function details({ trial, says, from, verdict, counterexamples, because, rounds }: Finding): string[] {
  const tried = rounds.held + rounds.broken + rounds.nothing;
  const silent = verdict !== 'could not tell' && rounds.nothing > 0;
  const lines = silent
    ? [...counterexamples, `told nothing in ${rounds.nothing} of ${tried} rounds: ${because}`]
    : counterexamples;
  return lines.length === 0 ? [] : [`${trial}: ${says} (${from})\n${lines.map((line) => `  ${line}`).join('\n')}`];
}

function conclusion({ findings, verdict }: RaceReport): string {
  const counts = (Object.keys(marks) as Verdict[])
    .map((each) => ({ each, count: findings.filter((finding) => finding.verdict === each).length }))
    .filter(({ count }) => count > 0)
    .map(({ each, count }) => `${count} ${each}`);
  const sentence = {
    held: 'Everything that must hold held',
    'did not hold': 'Not everything held',
    'could not tell': 'Not everything could be told',
  }[verdict];
  return `${sentence}: ${counts.join(', ')}.`;
}

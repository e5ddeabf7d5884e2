import type { Sample } from './soak-trial.ts';

const [width, height, left, bottom, top] = [860, 400, 70, 50, 40];

/** The soak as an SVG: what has been issued so far, what is stored, and how large the file is, each on a scale of its own. */
export function plotSoak(samples: readonly Sample[]): string {
  const most = {
    hours: Math.max(...samples.map(({ hours }) => hours)),
    issued: Math.max(...samples.map(({ issued }) => issued)),
    stored: Math.max(...samples.map(({ stored }) => stored)),
    megabytes: Math.max(...samples.map(({ bytes }) => bytes)) / 1e6,
  };
  const x = (hours: number) => left + (hours / most.hours) * (width - left - 70);
  const y = (share: number) => height - bottom - share * (height - bottom - top);
  const line = (name: string, share: (sample: Sample) => number) =>
    `<polyline class="${name}" points="${samples.map((sample) => `${x(sample.hours).toFixed(1)},${y(share(sample)).toFixed(1)}`).join(' ')}"/>`;
  const label = (at: readonly [number, number], words: string, more = '') =>
    `<text x="${at[0]}" y="${at[1]}" ${more}>${words}</text>`;
  const legend = [
    ['issued', `issued so far: ${most.issued.toLocaleString('en')}`],
    ['stored', `rows stored: at most ${most.stored.toLocaleString('en')}`],
    ['size', `file and log: at most ${Math.round(most.megabytes)} MB`],
  ] as const;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The file stays small while artifacts are issued and run out.">
<style>
  svg { font: 13px system-ui, sans-serif; background: #fff; color: #222 }
  text { fill: currentColor } line { stroke: #999 } polyline { fill: none; stroke-width: 2 }
  .issued { stroke: #888; stroke-dasharray: 5 4 } .stored { stroke: #1f6feb } .size { stroke: #c2410c }
  @media (prefers-color-scheme: dark) { svg { background: #161b22; color: #e6edf3 } .size { stroke: #f0883e } }
</style>
<line x1="${left}" y1="${height - bottom}" x2="${width - 70}" y2="${height - bottom}"/>
<line x1="${left}" y1="${top}" x2="${left}" y2="${height - bottom}"/>
${line('issued', ({ issued }) => issued / most.issued)}
${line('stored', ({ stored }) => stored / most.stored)}
${line('size', ({ bytes }) => bytes / 1e6 / most.megabytes)}
${label([left, height - 18], '0')}
${label([width - 70, height - 18], `${Math.round(most.hours / 24)} days of the server’s clock`, 'text-anchor="end"')}
${legend.map(([name, words], index) => `<line class="${name}" x1="${left + index * 270}" y1="18" x2="${left + index * 270 + 24}" y2="18" style="stroke-width:2"/>${label([left + index * 270 + 30, 22], words)}`).join('\n')}
</svg>
`;
}

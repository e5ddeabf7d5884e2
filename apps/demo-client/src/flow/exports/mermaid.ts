import type { PresentedExchange, PresentedMessage } from '../presented-exchange.ts';

const names: Readonly<Record<string, string>> = {
  browser: 'Browser',
  client: 'Client',
  'authorization-server': 'Authorization server',
  api: 'API',
  upstream: 'Upstream provider',
  thief: 'Thief',
};

/** The picture as a Mermaid sequence diagram: solid arrows for the front channel, dashed ones for the back channel. */
export function mermaidOf(exchanges: readonly PresentedExchange[]): string {
  const taking = new Set(exchanges.flatMap(({ from, to }) => [from, to]));
  const ids = Object.keys(names).filter((party) => taking.has(party as PresentedExchange['from']));
  const lines = ids.map((party) => `    participant ${idOf(party)} as ${names[party]}`);
  for (const { from, to, channel, request, answer, failure } of exchanges) {
    const arrow = channel === 'front' ? '->>' : '-->>';
    lines.push(`    ${idOf(from)}${arrow}${idOf(to)}: ${textOf(request)}`);
    if (answer) lines.push(`    ${idOf(to)}${arrow}${idOf(from)}: ${textOf(answer)}`);
    else if (failure !== undefined) lines.push(`    ${idOf(to)}--x${idOf(from)}: no answer`);
  }
  return `sequenceDiagram\n${lines.join('\n')}\n`;
}

function idOf(party: string): string {
  return party.replace(/-/g, '_');
}

/** NOTE: a semicolon ends a statement, as a line break does, and a hash begins an entity. */
function textOf({ label, carries }: PresentedMessage): string {
  const text = carries.length > 0 ? `${label} (${carries.join(', ')})` : label;
  return text.replace(/[#;\r\n]/g, ' ');
}

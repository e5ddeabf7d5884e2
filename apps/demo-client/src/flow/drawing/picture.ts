/** The sequence diagram, as SVG that needs no style of its own: colours come from the page's classes. */
import type { PresentedExchange, PresentedMessage } from '../presented-exchange.ts';
import { expected, type Lane, type Row, rowsOf } from './rows.ts';

export type PictureWidth = 'wide' | 'narrow';

const names: Readonly<Record<Lane, readonly [wide: string, narrow: string]>> = {
  browser: ['Browser', 'Browser'],
  client: ['Client', 'Client'],
  'authorization-server': ['Authorization server', 'Auth. server'],
  api: ['Todos API', 'API'],
  upstream: ['Upstream provider', 'Upstream'],
  thief: ['Thief', 'Thief'],
};
const always: readonly Lane[] = ['browser', 'client', 'authorization-server', 'api'];
const sizes = { wide: { width: 860, margin: 90, letter: 7 }, narrow: { width: 360, margin: 34, letter: 6.4 } };
const head = 48;
const line = 20;
const gap = 14;

interface Canvas {
  readonly kind: PictureWidth;
  readonly width: number;
  readonly x: (lane: Lane) => number;
  readonly letter: number;
}

/** @returns an `<svg>` element; every message in it leads to `#x-<its id>` */
export function renderPicture(exchanges: readonly PresentedExchange[], kind: PictureWidth): string {
  const lanes = [...always, ...(['upstream', 'thief'] as const).filter((lane) => takesPart(exchanges, lane))];
  const { width, margin, letter } = sizes[kind];
  const step = (width - 2 * margin) / (lanes.length - 1);
  const canvas: Canvas = { kind, width, letter, x: (lane) => margin + lanes.indexOf(lane) * step };

  let y = head + gap;
  const drawn: string[] = [];
  for (const row of rowsOf(exchanges)) {
    const { svg, height } = row.kind === 'pages' ? drawPages(canvas, row, y) : drawExchange(canvas, row.exchange, y);
    drawn.push(svg);
    y += height;
  }
  // What is to come is shown until somebody has begun to sign in.
  if (!exchanges.some((each) => each.step === 'sign-in')) {
    for (const [from, to, label, carries] of expected) {
      const channel = [from, to].includes('browser') ? 'front' : 'back';
      drawn.push(`<g class="flow-ghost">${arrow(canvas, from, to, channel, [label, carries], y)}</g>`);
      y += line * 2 + gap;
    }
  }
  const height = y + gap;
  const heads = lanes.map((lane) => laneOf(canvas, lane, height)).join('');
  return `<svg class="flow-picture flow-${kind}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="The messages, from top to bottom">${heads}${drawn.join('')}</svg>`;
}

function takesPart(exchanges: readonly PresentedExchange[], lane: Lane): boolean {
  return exchanges.some(({ from, to }) => from === lane || to === lane);
}

function laneOf({ kind, x }: Canvas, lane: Lane, height: number): string {
  const name = names[lane][kind === 'wide' ? 0 : 1];
  return `<line class="flow-lane" x1="${x(lane)}" y1="${head}" x2="${x(lane)}" y2="${height}"/><text class="flow-party" x="${x(lane)}" y="${head - 18}" text-anchor="middle">${escaped(name)}</text>`;
}

function drawExchange(canvas: Canvas, exchange: PresentedExchange, y: number): { svg: string; height: number } {
  const { id, from, to, channel, outcome, request, answer, failure, title } = exchange;
  const asked = arrow(canvas, from, to, channel, textsOf(request), y);
  const below = y + line * 2 + gap;
  const answered = answer
    ? arrow(canvas, to, from, channel, textsOf(answer, outcome === 'refused' ? '✗ ' : ''), below)
    : failure === undefined
      ? ''
      : arrow(canvas, to, from, channel, ['✗ no answer', ''], below);
  const height = (line * 2 + gap) * (answered === '' ? 1 : 2) + gap;
  const area = `<rect class="flow-area" x="2" y="${y + 4}" width="${canvas.width - 4}" height="${height - 4}" rx="6"/>`;
  const svg = linked(id, `flow-message flow-${outcome.replace(' ', '-')}`, title, area + asked + answered);
  return { svg, height };
}

function drawPages(canvas: Canvas, { exchanges }: Extract<Row, { kind: 'pages' }>, y: number) {
  const [first] = exchanges;
  const [left, right] = [canvas.x('browser'), canvas.x('authorization-server')];
  const words = `Sign-in and consent (${exchanges.length} ${exchanges.length === 1 ? 'message' : 'messages'})`;
  const box = `<rect class="flow-box" x="${left - 12}" y="${y}" width="${right - left + 24}" height="${line * 2}" rx="8"/>${text(canvas, (left + right) / 2, y + line + 5, words, 'flow-label', 'middle')}`;
  const svg = linked(first?.id ?? '', 'flow-message flow-done', words, box);
  return { svg, height: line * 2 + gap * 2 };
}

function linked(id: string, classes: string, title: string, content: string): string {
  return `<a class="${classes}" href="#x-${escaped(id)}" data-exchange="${escaped(id)}" data-title="${escaped(title)}">${content}</a>`;
}

function textsOf({ label, carries }: PresentedMessage, mark = ''): readonly [string, string] {
  return [mark + label, carries.join(', ')];
}

/** Solid through the browser, dashed between servers. */
function arrow(
  canvas: Canvas,
  from: Lane,
  to: Lane,
  channel: 'front' | 'back',
  [label, carries]: readonly [string, string],
  y: number,
): string {
  const { x, kind } = canvas;
  const [start, end] = [x(from), x(to)];
  const direction = end >= start ? 1 : -1;
  const at = y + line * 2;
  const tip = end - direction * 1.5;
  const left = kind === 'narrow' ? 10 : Math.min(start, end) + 10;
  const back = direction * 8;
  return `${text(canvas, left, at - line - 4, label, 'flow-label')}${text(canvas, left, at - 6, carries, 'flow-carries')}<line class="flow-line flow-${channel}" x1="${start}" y1="${at}" x2="${tip}" y2="${at}"/><path class="flow-head" d="M${tip} ${at}l${-back} -4.5v9z"/>`;
}

function text(
  { width, letter }: Canvas,
  x: number,
  y: number,
  words: string,
  classes: string,
  anchor: 'start' | 'middle' = 'start',
): string {
  if (words === '') return '';
  const room = Math.floor((anchor === 'middle' ? width : width - x - 6) / letter);
  const shown = words.length > room ? `${words.slice(0, room - 1)}…` : words;
  return `<text class="${classes}" x="${x}" y="${y}"${anchor === 'middle' ? ' text-anchor="middle"' : ''}>${escaped(shown)}</text>`;
}

function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

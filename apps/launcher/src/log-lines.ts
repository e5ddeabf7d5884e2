import type { App, AppName } from './apps.ts';
import type { Paint } from './terminal-style.ts';

/** A line of pino's: https://getpino.io, levels 10 (trace) to 60 (fatal). */
interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: unknown;
  readonly [field: string]: unknown;
}

const nameColours = {
  'authorization-server': 'cyan',
  'todos-api': 'magenta',
  'demo-client': 'blue',
} as const satisfies Record<AppName, string>;

const nameWidth = Math.max(...Object.keys(nameColours).map((name) => name.length));

/** Said by the prefix, or of no use to who reads along. */
const silentFields = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'err']);

/**
 * One line of an app as the terminal shows it: the app's name, then the line, short where it is a log entry and as it
 * is where it is not. Error stacks follow on lines of their own.
 */
export function formatLogLine({ name }: Pick<App, 'name'>, line: string, paint: Paint): string {
  const entry = parseEntry(line);
  const lines = entry ? formatEntry(entry, paint) : [line];
  const prefix = `${paint(nameColours[name], name.padEnd(nameWidth))} ${paint('dim', '│')} `;
  return lines.map((each) => `${prefix}${each}`.trimEnd()).join('\n');
}

function parseEntry(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Partial<Entry>;
    return typeof value.level === 'number' && typeof value.time === 'number' ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}

function formatEntry(entry: Entry, paint: Paint): string[] {
  const parts = [paint('dim', clock(entry.time)), severity(entry.level, paint), sentence(entry, paint)];
  const first = parts.filter((part) => part !== '').join(' ');
  return [first, ...stack(entry).map((frame) => paint('dim', frame))];
}

function clock(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}

/** In words as well: colour alone says nothing to many. */
function severity(level: number, paint: Paint): string {
  if (level >= 50) return paint(['red', 'bold'], 'ERROR');
  if (level >= 40) return paint(['yellow', 'bold'], 'WARNING');
  return '';
}

function sentence(entry: Entry, paint: Paint): string {
  const { method, path, status, ms, ...others } = entry;
  const isRequest = typeof method === 'string' && typeof path === 'string' && typeof status === 'number';
  if (isRequest) return `${printable(`${method} ${path}`)} ${paintStatus(status, paint)} ${paint('dim', `${ms} ms`)}`;

  const fields = Object.entries({ ...others, ...(method ? { method } : {}), ...(path ? { path } : {}) })
    .filter(([name]) => !silentFields.has(name))
    .map(([name, value]) =>
      paint('dim', printable(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)),
    );
  const cause = errorOf(entry)?.message;
  const text = printable([entry.msg, cause === entry.msg ? undefined : cause].filter(Boolean).join(': '));
  return [text, ...fields].join(' ');
}

function paintStatus(status: number, paint: Paint): string {
  if (status >= 500) return paint('red', String(status));
  return status >= 400 ? paint('yellow', String(status)) : String(status);
}

function errorOf({ err }: Entry): { message?: unknown; stack?: unknown } | undefined {
  return typeof err === 'object' && err !== null ? err : undefined;
}

function stack(entry: Entry): string[] {
  const text = errorOf(entry)?.stack;
  if (entry.level < 50 || typeof text !== 'string') return [];
  const frames = text.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return frames.map(printable);
}

/** What strangers send ends up in logs: no character of it may steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

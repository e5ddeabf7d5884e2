import { relative } from 'node:path';
import type { App } from './apps.ts';
import type { Paint } from './terminal-style.ts';

const people = [
  ['alice / alice-password', 'may read and write todos'],
  ['bob / bob-password', 'may read todos'],
  ['admin / admin-password', 'may do all'],
] as const;

/** What somebody reads who has just started it for the first time: where to go, as whom, and what to try. */
export function welcomeText(apps: readonly App[], dataDirectory: string, paint: Paint, elsewhere = false): string {
  const urlOf = (name: App['name']) => apps.find((app) => app.name === name)?.url ?? '';
  const demo = urlOf('demo-client');
  const api = urlOf('todos-api');
  const addresses = [
    ['Demo client', demo],
    ['What passes, as it passes', `${demo}/flow`],
    ['Authorization server', urlOf('authorization-server')],
    ['Todos API', api],
    ['Its docs, to try it', `${api}/docs`],
    ['The same for MCP clients', `${api}/mcp`],
  ] as const;
  return [
    '',
    `${paint('bold', 'Latchkey is ready.')} Ctrl-C stops it.`,
    '',
    ...columns(addresses.map(([what, url]) => [what, paint('underline', url)])),
    '',
    'Sign in as one of the demo people',
    ...columns(people),
    '',
    'Try this first',
    `  1. Open ${paint('underline', demo)} and sign in as alice. Look at what you are asked to allow.`,
    '  2. Untick "Add, change and delete your todos", allow the rest, and try to add a todo.',
    '  3. Sign out, and sign in as bob.',
    '',
    paint('dim', elsewhere ? keptElsewhere(dataDirectory) : keptHere(dataDirectory)),
    '',
  ].join('\n');
}

function keptHere(dataDirectory: string): string {
  return `Everything is kept in ${nearby(dataDirectory)}: delete that folder to begin again.`;
}

function keptElsewhere(dataDirectory: string): string {
  return `Everything is kept in PostgreSQL, and the keys that open it in ${nearby(dataDirectory)}: keep both, or delete both.`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}   ${second}`);
}

/** A folder as one would type it here: relative where that is shorter, not up and down through the parents. */
function nearby(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') ? folder : path;
}

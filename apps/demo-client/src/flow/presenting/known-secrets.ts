import type { Exchange, HeaderList } from '@latchkey/flow-reports';
import { answerMembers, requestMembers } from './message-members.ts';
import { sortOf } from './secret-names.ts';
import { markOf } from './secret-words.ts';
import { hidden } from './shown-members.ts';

type Note = (secret: string, mark?: string) => void;

/** What an exchange itself says is secret, by the places and names that it has there; and what to show instead. */
export function knownSecrets({ request, answer }: Exchange): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note: Note = (value, mark = markOf(value)) => {
    // NOTE: what is shorter is part of many a word.
    if (value.length < 8) return;
    for (const each of [value, encodeURIComponent(value.toWellFormed())]) found.set(each, mark);
  };
  const headers = [...request.headers, ...(answer?.headers ?? [])];
  for (const value of credentialsIn(headers)) note(value);
  const members = [...requestMembers(request), ...(answer ? answerMembers(answer, request.url) : [])];
  for (const { name, value } of members) noteMembers(name, value, note, 6);
  return found;
}

/** NOTE: what stands deeper is not shown at all. */
function noteMembers(name: string, value: unknown, note: Note, depth: number): void {
  const sort = sortOf(name);
  if (typeof value === 'string' && sort === 'unspeakable') note(value, hidden);
  else if (typeof value === 'string' && sort === 'secret') note(value);
  else if (typeof value === 'object' && value !== null && depth > 0)
    for (const [each, inner] of Object.entries(value))
      noteMembers(Array.isArray(value) ? name : each, inner, note, depth - 1);
}

function credentialsIn(headers: HeaderList): string[] {
  return headers.flatMap(([header, value]) => {
    switch (header.toLowerCase()) {
      case 'authorization':
        return [value.replace(/^\w+ +/, ''), ...basicSecret(value)];
      case 'dpop':
        return [value];
      case 'cookie':
        return value.split(';').map(cookieValue);
      case 'set-cookie':
        return [cookieValue(value.split(';', 1)[0] ?? '')];
      default:
        return [];
    }
  });
}

function cookieValue(pair: string): string {
  return pair.slice(pair.indexOf('=') + 1).trim();
}

/** RFC 6749, section 2.3.1: the client's secret, encoded like a form's value. */
function basicSecret(value: string): string[] {
  const credentials = /^basic +(\S+)$/i.exec(value)?.[1];
  const pair = Buffer.from(credentials ?? '', 'base64').toString('utf8');
  const secret = pair.slice(pair.indexOf(':') + 1);
  return [secret, new URLSearchParams(`s=${secret}`).get('s') ?? ''];
}

import type { HeaderList, SentAnswer, SentRequest } from '@latchkey/flow-reports';
import type { PresentedPart } from '../presented-exchange.ts';
import { parsedAddress } from './shown-address.ts';

/** A named value as it was sent. */
export interface Member {
  readonly name: string;
  readonly where: PresentedPart['where'];
  /** A string where it was one; else what JSON made of it. */
  readonly value: unknown;
}

/** Of the address and the body of a request. */
export function requestMembers({ url, body, headers }: SentRequest): Member[] {
  return [...pairs(parsedAddress(url).searchParams, 'query'), ...bodyMembers(body, headers)];
}

/** Of the address that an answer leads to, in its query or its fragment, and of its body. */
export function answerMembers({ headers, body }: SentAnswer, base: string): Member[] {
  const location = headerOf(headers, 'location');
  const target = location === undefined ? undefined : parsedAddress(location, base);
  const led = target ? [target.searchParams, fragmentIn(target)].flatMap((each) => pairs(each, 'location')) : [];
  return [...led, ...bodyMembers(body, headers)];
}

export function headerOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

function bodyMembers(body: string | undefined, headers: HeaderList): Member[] {
  if (body === undefined || body === '') return [];
  if (/form-urlencoded/i.test(headerOf(headers, 'content-type') ?? '')) return pairs(new URLSearchParams(body), 'form');
  try {
    const members: unknown = JSON.parse(body);
    if (Array.isArray(members))
      return [{ name: '[ ]', where: 'json', value: `${members.length} ${members.length === 1 ? 'item' : 'items'}` }];
    if (typeof members !== 'object' || members === null) return [];
    return Object.entries(members).map(([name, value]) => ({ name, where: 'json', value }));
  } catch {
    return [];
  }
}

function pairs(params: URLSearchParams, where: Member['where']): Member[] {
  return [...params].map(([name, value]) => ({ name, where, value }));
}

/** RFC 6749, section 4.2.2 and its like: what answers by fragment looks like a query. */
function fragmentIn({ hash }: URL): URLSearchParams {
  return new URLSearchParams(hash.includes('=') ? hash.slice(1) : '');
}

import { invalidRequest, invalidToken, type Refusal } from '../refusal/refusals.ts';
import { headerValues, type RequestFacts } from './request-facts.ts';

export interface Credentials {
  /** RFC 6750, or RFC 9449, section 7.1. */
  readonly scheme: 'bearer' | 'dpop';
  readonly token: string;
}

/** More than any issuer sends, and than Node takes in a header by default. */
const tokenLimit = 16_384;

/**
 * The access token of a request; `undefined` without credentials or with a scheme that is not in use here. In its order:
 *
 * 1. none in the query string, since addresses end in logs and histories (RFC 9700, section 4.3.2): 400
 * 2. one `Authorization` header at most: 400
 * 3. one token in it: 400
 * 4. of a length that can be one: 401
 *
 * A token in a form body (RFC 6750, section 2.2) is never looked for: it is no credential here.
 *
 * @param dpop whether the scheme `DPoP` is in use
 */
export function readCredentials(request: RequestFacts, dpop: boolean): Credentials | undefined | Refusal {
  if (hasQueryToken(request.url ?? '')) return invalidRequest('The access token belongs in the Authorization header');
  const values = headerValues(request, 'authorization');
  if (values.length > 1) return invalidRequest('More than one Authorization header');

  const [name, token, more] = words(values[0] ?? '');
  const scheme = name.toLowerCase();
  if (scheme !== 'bearer' && !(dpop && scheme === 'dpop'))
    return (dpop ? garbled : garbledBearer).test(values[0] ?? '') ? invalidRequest(unreadable) : undefined;
  if (token === '') return invalidRequest('The Authorization header carries no token');
  if (more !== '') return invalidRequest('The Authorization header carries more than one token');
  if (token.length > tokenLimit) return invalidToken('longer than any token');
  return { scheme, token };
}

const unreadable = 'The Authorization header is not one scheme, a space and a token';
/** Meant as a credential, and not written as one: it must not pass for none, least of all where none are needed. */
const garbledBearer = /(?:^|,)[ \t]*bearer(?![\w-])/i;
const garbled = /(?:^|,)[ \t]*(?:bearer|dpop)(?![\w-])/i;

/** The first two words and what comes after them, parted by as many spaces and tabs as somebody has typed. */
function words(value: string): readonly [string, string, string] {
  const space = value.indexOf(' ');
  // NOTE: nearly everybody writes one space, which is found much faster than by an expression.
  if (space > 0 && value.indexOf(' ', space + 1) === -1 && !value.includes('\t'))
    return [value.slice(0, space), value.slice(space + 1), ''];
  const [first = '', second = '', ...others] = value.split(/[ \t]+/).filter((part) => part !== '');
  return [first, second, others.join(' ')];
}

function hasQueryToken(url: string): boolean {
  const start = url.indexOf('?');
  if (start === -1) return false;
  const query = url.slice(start);
  // NOTE: to read a query string takes longer than the rest of this file, and hardly any names the parameter.
  return /access_token|%/i.test(query) && new URLSearchParams(query).has('access_token');
}

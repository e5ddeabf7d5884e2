import type { HeaderList, SentAnswer, SentRequest } from '@latchkey/flow-reports';
import type { PresentedPart, PresentedValue } from '../presented-exchange.ts';
import { headers as knownHeaders, parameters as knownParameters } from './explanations.ts';
import { referenceTo } from './reference.ts';
import { looksSecret, plainValue, secretValue } from './secret-values.ts';

const hidden: PresentedValue = { kind: 'text', text: '•••' };
/** Not even their hash: it would tell whoever guesses that they have guessed right. */
const unspeakable = /password|user_code|device_code/i;
/** Secrets, or what stands for one. */
const secrets =
  /^(code|code_verifier|access_token|refresh_token|id_token|id_token_hint|token|client_secret|client_assertion|request_uri|logout_token|state|nonce|registration_access_token|_csrf|csrf|form_id|undo)$/i;
/** Public by their nature, however random they look. */
const open =
  /^(client_id|redirect_uri|scope|resource|code_challenge|dpop_jkt|iss|response_type|grant_type|token_type|error|error_description|prompt|post_logout_redirect_uri|path|url|title|id|sub)$/i;

/** The query, form or JSON members of a request, each with why it is there. */
export function requestParts({ url, body, headers }: SentRequest): PresentedPart[] {
  const query = [...new URL(url).searchParams].map(([name, value]) => parameter(name, value, 'query'));
  return [...query, ...bodyParts(body, headers)];
}

/** Those of an answer, and of the address that it leads to. */
export function answerParts({ headers, body }: SentAnswer, base: string): PresentedPart[] {
  const location = headerOf(headers, 'location');
  const target = location === undefined ? null : URL.parse(location, base);
  const led = [...(target?.searchParams ?? [])].map(([name, value]) => parameter(name, value, 'location'));
  return [...led, ...bodyParts(body, headers)];
}

/** The headers that say something here; all others are left out. */
export function headerParts(headers: HeaderList): PresentedPart[] {
  return headers.flatMap(([name, value]): PresentedPart[] => {
    const known = knownHeaders[name.toLowerCase()];
    if (!known) return [];
    const part = { name, where: 'header' as const, why: known[0], rfc: referenceTo(known[1]) };
    return [{ ...part, value: headerValue(name.toLowerCase(), value) }];
  });
}

export function headerOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

function bodyParts(body: string | undefined, headers: HeaderList): PresentedPart[] {
  if (body === undefined || body === '') return [];
  const type = headerOf(headers, 'content-type') ?? '';
  if (/form-urlencoded/.test(type))
    return [...new URLSearchParams(body)].map(([name, value]) => parameter(name, value, 'form'));
  try {
    const members: unknown = JSON.parse(body);
    if (Array.isArray(members)) return [{ name: '[ ]', where: 'json', value: plainValue(`${members.length} members`) }];
    if (typeof members !== 'object' || members === null) return [];
    return Object.entries(members).map(([name, value]) =>
      parameter(name, typeof value === 'string' ? value : JSON.stringify(value), 'json'),
    );
  } catch {
    return [];
  }
}

function parameter(name: string, value: string, where: PresentedPart['where']): PresentedPart {
  const known = knownParameters[name];
  return {
    name,
    where,
    value: presentedValue(name, value),
    ...(known && { why: known[0], rfc: referenceTo(known[1]) }),
  };
}

function presentedValue(name: string, value: string): PresentedValue {
  if (unspeakable.test(name)) return hidden;
  if (secrets.test(name)) return secretValue(value);
  return open.test(name) || !looksSecret(value) ? plainValue(value) : secretValue(value);
}

function headerValue(name: string, value: string): PresentedValue {
  if (name === 'authorization' || name === 'dpop') return secretValue(value.replace(/^\w+ /, ''));
  if (name === 'cookie') return { kind: 'text', text: cookieNames(value.split(';')) };
  if (name === 'set-cookie') return { kind: 'text', text: value.replace(/=[^;]*/, '=•••') };
  if (name === 'location') return { kind: 'text', text: withoutQuery(value) };
  return plainValue(value);
}

function cookieNames(pairs: readonly string[]): string {
  return pairs.map((pair) => `${pair.split('=', 1)[0]?.trim()}=•••`).join('; ');
}

/** An address as far as it may be shown: what its query holds stands among the parameters. */
export function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '');
}

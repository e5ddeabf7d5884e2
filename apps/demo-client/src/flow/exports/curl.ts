import type { PresentedExchange, PresentedPart } from '../presented-exchange.ts';

/** What curl or the connection makes by itself, and what only a browser says. */
const unsaid =
  /^(?:host|connection|content-length|content-type|accept-encoding|user-agent|cookie|traceparent|tracestate|sec-.*|authorization)$/i;

/**
 * The request of an exchange as a command, to be tried by hand. Secrets are variables of the shell (`$CODE_VERIFIER`), to be
 * set by whoever has them; `$COOKIES` is a file of curl's own.
 */
export function curlOf({ to, request }: PresentedExchange): string {
  const { method = 'GET', url = '', parameters, headers } = request;
  const of = (where: PresentedPart['where']) => parameters.filter((part) => part.where === where);
  const isScript = of('json').length > 0;
  const data = of('form').map((part) => ['--data-urlencode', quoted(`${part.name}=`, part)]);
  const isPost = data.length > 0 || isScript;
  const options = [
    ...(method === (isPost ? 'POST' : 'GET') ? [] : [['--request', word(method)]]),
    ...credentials(to, headers),
    ...headers.filter(({ name }) => !unsaid.test(name)).map((part) => ['--header', quoted(`${part.name}: `, part)]),
    ...data,
    ...(isScript ? [['--json', json(of('json'))]] : []),
  ];
  const query = of('query').map((part) => ['--url-query', quoted(`${part.name}=`, part)]);
  return `curl ${[...options, ...query]
    .map((option) => option.join(' '))
    .concat(word(url))
    .join(' \\\n  ')}\n`;
}

function credentials(to: PresentedExchange['to'], headers: readonly PresentedPart[]): string[][] {
  const has = (wanted: string) => headers.some(({ name }) => name.toLowerCase() === wanted);
  const cookies = has('cookie') ? [['--cookie', '"$COOKIES"']] : [];
  if (!has('authorization')) return cookies;
  // RFC 6749, section 2.3.1: at the authorization server it is the client that shows who it is.
  if (to === 'authorization-server') return [...cookies, ['--user', '"$CLIENT_ID:$CLIENT_SECRET"']];
  const scheme = has('dpop') ? 'DPoP' : 'Bearer';
  return [...cookies, ['--header', `"Authorization: ${scheme} $ACCESS_TOKEN"`]];
}

function quoted(before: string, { name, value }: PresentedPart): string {
  return value.kind === 'text' ? word(before + value.text) : word(before) + variable(name);
}

/** NOTE: what was no string is shown as JSON; a string that reads like a number is taken for one. */
function json(parts: readonly PresentedPart[]): string {
  const members = parts.map(({ name, value }, index) => {
    const key = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (value.kind === 'secret') return `${word(`${key}"`)}${variable(name)}'"'`;
    return word(key + (isLiteral(value.text) ? value.text : JSON.stringify(value.text)));
  });
  return `${members.join('')}'}'`;
}

function isLiteral(text: string): boolean {
  return /^(?:true|false|null|-?\d+(?:\.\d+)?|[[{].*[\]}])$/s.test(text);
}

/** In single quotes nothing means anything to a shell, but the quote itself. */
function word(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function variable(name: string): string {
  return `"$${name
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .replace(/^(?=\d)/, '_')}"`;
}

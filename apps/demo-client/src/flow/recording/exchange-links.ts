import type { Exchange } from '@latchkey/flow-reports';

/** The cookie by which a browser has its picture. */
export const pictureCookie = 'latchkey_flow';

type Sides = Pick<Exchange, 'to' | 'request' | 'answer'>;

/**
 * What a message has in common with others of the same journey, where no trace joins them: browsers carry no trace from page
 * to page, but they carry `state`, references and cookies.
 */
export function linksOf(exchange: Sides): readonly string[] {
  const { request, answer } = exchange;
  const locations = valuesOf(answer?.headers, 'location');
  return [request.url, ...locations]
    .flatMap((each) => addressLinks(each, request.url))
    .concat(cookieLinks(exchange), sessionLinks(exchange));
}

/** The picture that the browser itself names: cookies know no ports, so the other apps get it as well where all are on one host. */
export function namedPicture({ request }: Sides): string | undefined {
  const pairs = valuesOf(request.headers, 'cookie').flatMap((value) => value.split(';'));
  const named = pairs.find((pair) => pair.trim().startsWith(`${pictureCookie}=`));
  return named?.slice(named.indexOf('=') + 1);
}

/** NOTE: what is short may have been chosen by somebody, and be the same in two browsers. */
const isTelling = (value: string) => value.length >= 20;

function addressLinks(address: string, base: string): string[] {
  const url = URL.parse(address, base);
  if (!url) return [];
  const links = ['state', 'request_uri', 'code'].flatMap((name) => {
    const value = url.searchParams.get(name);
    return value !== null && isTelling(value) ? [`${name} ${value}`] : [];
  });
  const interaction = /^\/(?:interaction|authorize)\/([\w-]{16,})/.exec(url.pathname)?.[1];
  return interaction ? [...links, `interaction ${interaction}`] : links;
}

/** NOTE: only those that are random: who was here last, for one, is the same in all browsers of one person. */
const telling = /^(?:__(?:Host|Secure)-)?latchkey_(?:session|interaction|resume|binding)=[\w.~+/-]{20,}/;

function cookieLinks({ request, answer, to }: Sides): string[] {
  if (to !== 'authorization-server') return [];
  const brought = valuesOf(request.headers, 'cookie').flatMap((value) => value.split(';'));
  const given = valuesOf(answer?.headers, 'set-cookie').map((value) => value.split(';', 1)[0] ?? '');
  return [...brought, ...given]
    .map((pair) => pair.trim())
    .filter((pair) => telling.test(pair))
    .map((pair) => `cookie ${pair}`);
}

/** The session at the authorization server, which an ID token names when it begins and a logout token when it ends. */
function sessionLinks({ to, request, answer }: Sides): string[] {
  const form = to === 'client' ? new URLSearchParams(request.body) : undefined;
  const logout = form?.get('logout_token') ?? undefined;
  const begun = to === 'authorization-server' ? /"id_token":"([^"]+)"/.exec(answer?.body ?? '')?.[1] : undefined;
  const sid = sidIn(logout ?? begun);
  return sid !== undefined && isTelling(sid) ? [`sid ${sid}`] : [];
}

function sidIn(token: string | undefined): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const sid: unknown = typeof claims === 'object' && claims !== null ? Reflect.get(claims, 'sid') : undefined;
    return typeof sid === 'string' ? sid : undefined;
  } catch {
    return undefined;
  }
}

function valuesOf(headers: Exchange['request']['headers'] | undefined, wanted: string): string[] {
  return (headers ?? []).flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
}

import { headerValues, type RequestFacts } from './request-facts.ts';

/** A request as rules read it: everything in it is the caller's word. */
export interface RequestView {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of the route's path, as they came; empty outside of a router. */
  readonly params: Readonly<Record<string, string>>;
  /** The values of a header, joined with a comma where there are several. @param name in any case */
  header(name: string): string | undefined;
}

export function viewOf(facts: RequestFacts, params: Readonly<Record<string, string>> = {}): RequestView {
  const { method = 'GET', url = '/' } = facts;
  const start = url.indexOf('?');
  return {
    method,
    path: start === -1 ? url : url.slice(0, start),
    query: new URLSearchParams(start === -1 ? '' : url.slice(start)),
    params,
    header(name) {
      const values = headerValues(facts, name.toLowerCase());
      return values.length > 0 ? values.join(', ') : undefined;
    },
  };
}

import type { ParsedUrlQuery } from 'node:querystring';
import type Koa from 'koa';

/**
 * Makes an app read a query in time that grows with its length alone. Koa collects the values of a name anew for each
 * of them: one name in all that a request line holds stops everybody for hundreds of milliseconds. What comes out is
 * the same: a string, or an array where a name comes again.
 */
export function readQueriesOnce({ request }: Pick<Koa, 'request'>): void {
  const last = new WeakMap<object, { readonly querystring: string; readonly query: ParsedUrlQuery }>();
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(request), 'query') ?? {};
  Object.defineProperty(request, 'query', {
    configurable: true,
    enumerable: true,
    get(this: Koa.Request): ParsedUrlQuery {
      // NOTE: who sets `url` or `querystring` on the way changes the query with it.
      const { querystring } = this;
      const known = last.get(this);
      if (known?.querystring === querystring) return known.query;
      const query = readQuery(querystring);
      last.set(this, { querystring, query });
      return query;
    },
    ...(set && { set }),
  });
}

function readQuery(querystring: string): ParsedUrlQuery {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(querystring)) {
    const before = values.get(name);
    if (before === undefined) values.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else values.set(name, [before, value]);
  }
  // NOTE: defines members, does not assign them: a parameter may be called `__proto__`.
  return Object.fromEntries(values);
}

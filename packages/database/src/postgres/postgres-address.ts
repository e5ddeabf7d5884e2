const simpleName = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * The same address, so that tables are looked for in one schema only. What else is set there stays.
 *
 * NOTE: not taken apart as a URL, since addresses of sockets (`postgres://user@/db?host=/run/postgresql`) are none.
 *
 * @throws {Error} when the schema's name would need quoting
 */
export function addressWithin(schema: string, url: string): string {
  if (!simpleName.test(schema)) throw new Error(`${schema} cannot be the name of a schema: it is a-z, 0-9 and _`);
  const queryAt = url.indexOf('?');
  const address = queryAt < 0 ? url : url.slice(0, queryAt);
  const parameters = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt));
  const options = [parameters.get('options'), `-c search_path=${schema}`].filter(Boolean).join(' ');
  parameters.set('options', options);
  return `${address}?${parameters}`;
}

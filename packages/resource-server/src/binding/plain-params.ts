/**
 * The parameters of a route's path, which frameworks write in different ways: what matched a wildcard may be a list of
 * segments, and what is optional may be there without a value.
 */
export function plainParams(params: unknown): Readonly<Record<string, string>> {
  const plain = Object.entries(params ?? {}).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]];
    return Array.isArray(value) ? [[name, value.join('/')]] : [];
  });
  return Object.fromEntries(plain);
}

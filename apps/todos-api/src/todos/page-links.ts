import { type ListPosition, writeCursor } from './list-cursor.ts';

/**
 * RFC 8288: the addresses of the first page, and of the next where there is one. Pages only go forward.
 *
 * @param address of the list, without query
 * @param query that every page keeps: its length and the filters
 */
export function pageLinks(
  address: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  next: ListPosition | undefined,
): string {
  const kept = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const link = (rel: string, more: string[][]) =>
    `<${address}?${new URLSearchParams([...kept, ...more])}>; rel="${rel}"`;
  const first = link('first', []);
  return next ? `${link('next', [['cursor', writeCursor(next)]])}, ${first}` : first;
}

import { type ListPosition, writeCursor } from './list-cursor.ts';

/**
 * RFC 8288: the addresses of the first page, and of the next where there is one. Pages only go forward.
 *
 * @param address of the list, without query
 */
export function pageLinks(address: string, limit: number, next: ListPosition | undefined): string {
  const first = `<${address}?limit=${limit}>; rel="first"`;
  return next ? `<${address}?limit=${limit}&cursor=${writeCursor(next)}>; rel="next", ${first}` : first;
}

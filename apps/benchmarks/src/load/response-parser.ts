/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** The value of a header, by its name in lower case. */
  header(name: string): string | undefined;
  readonly body: Buffer;
}

/** Takes what a socket gives and says when an answer is complete. One answer at a time: nothing is pipelined. */
export type ResponseParser = (chunk: Buffer) => HttpAnswer | undefined;

const headEnd = '\r\n\r\n';

/**
 * As much of HTTP/1.1 (RFC 9112) as our servers speak: Content-Length, chunked, and answers without a body. It is small
 * so that the load generator costs little beside the server that it measures.
 *
 * @throws {Error} when the bytes are no such answer
 */
export function createResponseParser(): ResponseParser {
  let pending: Buffer = Buffer.alloc(0);

  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const end = pending.indexOf(headEnd);
    if (end < 0) return undefined;
    const head = pending.toString('latin1', 0, end);
    const status = statusOf(head);
    const read = bodyOf(head, status, pending, end + headEnd.length);
    if (!read) return undefined;
    if (read.end < pending.length) throw new Error('the server sent more than was asked for');
    pending = Buffer.alloc(0);
    return { status, header: (name) => headerOf(head, name), body: read.body };
  };
}

interface ReadBody {
  readonly body: Buffer;
  /** Where it ends in the bytes so far. */
  readonly end: number;
}

function bodyOf(head: string, status: number, bytes: Buffer, start: number): ReadBody | undefined {
  if (status === 204 || status === 304) return { body: Buffer.alloc(0), end: start };
  const length = headerOf(head, 'content-length');
  if (length !== undefined) {
    const end = start + Number(length);
    return bytes.length < end ? undefined : { body: bytes.subarray(start, end), end };
  }
  if (headerOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked') return chunkedBody(bytes, start);
  throw new Error(`an answer with an end that only closing would show:\n${head}`);
}

/** RFC 9112, section 7.1, without trailers. */
function chunkedBody(bytes: Buffer, start: number): ReadBody | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size >= 0)) throw new Error('a chunk without a size');
    const from = lineEnd + 2;
    const next = from + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), end: next };
    chunks.push(bytes.subarray(from, from + size));
    at = next;
  }
}

function statusOf(head: string): number {
  const status = Number(head.slice(9, 12));
  if (!head.startsWith('HTTP/1.1 ') || !(status >= 100))
    throw new Error(`not an HTTP/1.1 answer: ${head.slice(0, 40)}`);
  return status;
}

function headerOf(head: string, name: string): string | undefined {
  // NOTE: Node writes names as whoever set them did, in one of these two ways.
  for (const spelling of [name, name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())]) {
    const at = head.indexOf(`\r\n${spelling}: `);
    if (at < 0) continue;
    const start = at + spelling.length + 4;
    const end = head.indexOf('\r\n', start);
    return end < 0 ? head.slice(start) : head.slice(start, end);
  }
  return undefined;
}

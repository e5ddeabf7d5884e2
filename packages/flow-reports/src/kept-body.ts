import type { IncomingMessage } from 'node:http';

/** Characters of a body that are kept, and about as many bytes that are read for it. */
export const longestBody = 16_384;
const textual = /^(application\/(?:[\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/plain)\b/i;

/** Whether a body is text that explains something; of pages it is enough that they were pages. */
function isTextual(contentType: string): boolean {
  return textual.test(contentType);
}

/** Listens in on a request's body without changing when or how the app gets it. */
export function keepBody(request: IncomingMessage): () => string | undefined {
  if (!isTextual(request.headers['content-type'] ?? '')) return () => undefined;
  const kept = collectText();
  const push = request.push;
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) kept.add(chunk);
    return push.call(request, chunk, encoding);
  };
  return kept.text;
}

/** The body of an answer as Koa holds it: streams and pages are not kept. */
export function bodyText(body: unknown, contentType: string): string | undefined {
  if (body === undefined || body === null || !isTextual(contentType)) return undefined;
  if (typeof body === 'string') return body.slice(0, longestBody);
  if (Buffer.isBuffer(body)) return body.toString('utf8', 0, longestBody);
  return 'pipe' in (body as object) ? undefined : JSON.stringify(body).slice(0, longestBody);
}

/**
 * The same of an answer to `fetch`, which its receiver reads undisturbed: as much of it as is kept and no more. An answer that
 * breaks off is its receiver's affair.
 */
export async function answerText(response: Response): Promise<string | undefined> {
  if (!isTextual(response.headers.get('content-type') ?? '')) return undefined;
  const kept = collectText();
  const reader = response.clone().body?.getReader();
  try {
    for (let chunk = await reader?.read(); chunk?.value && kept.add(chunk.value); ) chunk = await reader?.read();
  } catch {
    return kept.text();
  }
  // NOTE: not awaited: one of two readers is done with giving up only when the other is done with reading.
  void reader?.cancel().catch(() => {});
  return kept.text();
}

function collectText() {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    /** @returns whether there is room for more */
    add(chunk: Uint8Array): boolean {
      const fitting = chunk.subarray(0, longestBody - length);
      // NOTE: a copy, or a few letters would keep a whole buffer of the connection.
      if (fitting.length > 0) chunks.push(Buffer.from(fitting));
      length += fitting.length;
      return length < longestBody;
    },
    text: () => (length === 0 ? undefined : Buffer.concat(chunks).toString('utf8')),
  };
}

import type { IncomingMessage } from 'node:http';

/** Characters of a body that are kept. */
const most = 16_384;
const textual = /^(application\/(?:[\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/plain)\b/i;

/** Whether a body is text that explains something; of pages it is enough that they were pages. */
function isTextual(contentType: string): boolean {
  return textual.test(contentType);
}

/** Listens in on a request's body without changing when or how the app gets it. */
export function keepBody(request: IncomingMessage): () => string | undefined {
  if (!isTextual(request.headers['content-type'] ?? '')) return () => undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  const push = request.push;
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk) && length < most) chunks.push(chunk);
    if (Buffer.isBuffer(chunk)) length += chunk.length;
    return push.call(request, chunk, encoding);
  };
  return () => (length === 0 ? undefined : Buffer.concat(chunks).toString('utf8').slice(0, most));
}

/** The body of an answer as Koa holds it: streams and pages are not kept. */
export function bodyText(body: unknown, contentType: string): string | undefined {
  if (body === undefined || body === null || !isTextual(contentType)) return undefined;
  if (typeof body === 'string') return body.slice(0, most);
  if (Buffer.isBuffer(body)) return body.toString('utf8').slice(0, most);
  return 'pipe' in (body as object) ? undefined : JSON.stringify(body).slice(0, most);
}

/** The same of an answer to `fetch`, which its receiver reads undisturbed. */
export async function answerText(response: Response): Promise<string | undefined> {
  if (!isTextual(response.headers.get('content-type') ?? '')) return undefined;
  return (await response.clone().text()).slice(0, most);
}

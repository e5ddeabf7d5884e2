import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request whose headers go out as they are written: `fetch` joins two of one name and chooses `Host` itself. */
export async function rawRequest(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  method = 'GET',
): Promise<RawAnswer> {
  const sent = request(url, { method, headers, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

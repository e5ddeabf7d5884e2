export type Params = Readonly<Record<string, string>>;

/** A GET as it goes over the wire. */
export function getRequest(host: string, path: string, headers: Params = {}): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines(headers)}\r\n`;
}

/** A POST of a form as it goes over the wire. */
export function formRequest(host: string, path: string, params: Params, headers: Params = {}): string {
  const body = new URLSearchParams(params).toString();
  const sent = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': `${body.length}` };
  return `POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines(sent)}\r\n${body}`;
}

function lines(headers: Params): string {
  let text = '';
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
  return text;
}

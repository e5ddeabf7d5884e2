import type { PresentedExchange, PresentedMessage, PresentedPart } from '../presented-exchange.ts';

/** HTTP Archive 1.2, as far as a picture knows it. */
export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly entries: readonly HarEntry[];
  };
}

interface NameValue {
  readonly name: string;
  readonly value: string;
}

interface HarEntry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly cookies: readonly NameValue[];
    readonly headers: readonly NameValue[];
    readonly queryString: readonly NameValue[];
    readonly postData?: { readonly mimeType: string; readonly params: readonly NameValue[]; readonly text: string };
    readonly headersSize: -1;
    readonly bodySize: -1;
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly httpVersion: string;
    readonly cookies: readonly NameValue[];
    readonly headers: readonly NameValue[];
    readonly content: { readonly size: number; readonly mimeType: string; readonly text?: string };
    readonly redirectURL: string;
    readonly headersSize: -1;
    readonly bodySize: -1;
  };
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: { readonly send: number; readonly wait: number; readonly receive: number };
  readonly comment: string;
}

/** For the tools that open archives. Made of what may be shown alone: where a secret was, its hash stands. */
export function harOf(exchanges: readonly PresentedExchange[]): Har {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Latchkey, the live picture', version: '1' },
      entries: exchanges.map(entry),
    },
  };
}

function entry({ startedAt, tookMs = 0, title, request, answer }: PresentedExchange): HarEntry {
  const query = pairs(request, 'query');
  const shared = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1, bodySize: -1 } as const;
  const search = new URLSearchParams(query.map(({ name, value }) => [name, value] as [string, string]));
  const body = bodyOf(request);
  const said = answer && bodyOf(answer);
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time: tookMs,
    request: {
      ...shared,
      method: request.method ?? 'GET',
      url: `${request.url}${query.length > 0 ? `?${search}` : ''}`,
      headers: headers(request),
      queryString: query,
      ...(body && { postData: body }),
    },
    response: {
      ...shared,
      // NOTE: 0 is what archives have where there was no answer.
      status: answer?.status ?? 0,
      statusText: '',
      headers: answer ? headers(answer) : [],
      content: { size: said?.text.length ?? 0, mimeType: said?.mimeType ?? '', ...(said && { text: said.text }) },
      redirectURL: answer?.url ?? '',
    },
    cache: {},
    timings: { send: 0, wait: tookMs, receive: 0 },
    comment: title,
  };
}

function bodyOf(message: PresentedMessage) {
  const form = pairs(message, 'form');
  if (form.length > 0) {
    const text = form.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
    return { mimeType: 'application/x-www-form-urlencoded', params: form, text };
  }
  const json = pairs(message, 'json');
  if (json.length === 0) return undefined;
  const members = Object.fromEntries(json.map(({ name, value }) => [name, value]));
  return { mimeType: 'application/json', params: [], text: JSON.stringify(members) };
}

function pairs({ parameters }: PresentedMessage, where: PresentedPart['where']): NameValue[] {
  return parameters.filter((part) => part.where === where).map(pair);
}

function headers(message: PresentedMessage): NameValue[] {
  return message.headers.map(pair);
}

function pair({ name, value }: PresentedPart): NameValue {
  return { name, value: value.kind === 'text' ? value.text : `[hash ${value.hash}, ${value.length} characters]` };
}

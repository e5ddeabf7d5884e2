/** A JSON document and how long it may be kept. */
export interface FetchedJson {
  /** `undefined` when something else is there. */
  readonly json: unknown;
  /** Seconds, by `Cache-Control` and `Age` (RFC 9111, section 4.2); `undefined` when nothing is said. */
  readonly freshSeconds: number | undefined;
}

/** Rejects when nobody answers. */
export type FetchJson = (url: string, init?: RequestInit) => Promise<FetchedJson>;

/** Fetches JSON with a time limit, in milliseconds; a redirect is an error, since nobody vouches for where it leads. */
export function jsonFetcher(fetch: typeof globalThis.fetch, timeoutMs: number): FetchJson {
  return async (url, init = {}) => {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...init,
      headers: { accept: 'application/json', ...init.headers },
    });
    const freshSeconds = freshSecondsOf(response.headers);
    if (response.ok) return { json: await response.json().catch(() => undefined), freshSeconds };
    await response.body?.cancel();
    return { json: undefined, freshSeconds };
  };
}

function freshSecondsOf(headers: Headers): number | undefined {
  const directives = headers.get('cache-control')?.toLowerCase() ?? '';
  if (/\bno-(store|cache)\b/.test(directives)) return 0;
  const maxAge = /\bmax-age="?(\d{1,9})/.exec(directives)?.[1];
  if (maxAge === undefined) return undefined;
  const age = /^\d{1,9}$/.exec(headers.get('age') ?? '')?.[0] ?? '0';
  return Math.max(0, Number(maxAge) - Number(age));
}

import { createIssuerSubject, type TestIssuer, type TestIssuerOptions } from './issuer-subject.ts';

export interface InProcessIssuerOptions extends TestIssuerOptions {
  /** Its issuer identifier. Default `https://issuer.test`, which is nobody's (RFC 6761, section 6.2). */
  readonly issuer?: string;
}

/** An issuer that is asked by its own `fetch`, without a network. */
export interface InProcessIssuer extends TestIssuer {
  /** Answers for the issuer, and rejects as the real one does where nobody answers: everywhere else, or while it is away. */
  readonly fetch: typeof globalThis.fetch;
  readonly options: TestIssuer['options'] & { readonly fetch: typeof globalThis.fetch };
}

/**
 * An issuer within the process: nothing listens and nothing is fetched, and yet the resource server finds its metadata,
 * loads its keys and checks its signatures as it does in production. The guards of the API stay as they are.
 *
 *     const issuer = await createTestIssuer({ audience: 'https://notes.example.com/api' });
 *     const app = createApp(createResourceServer({ ...options, ...issuer.options }));
 *
 *     const answer = await app.request('/notes', { headers: await issuer.bearer('read:notes') });
 */
export async function createTestIssuer(options: InProcessIssuerOptions): Promise<InProcessIssuer> {
  const { issuer = 'https://issuer.test', ...others } = options;
  const { answer, now, ...subject } = await createIssuerSubject(issuer, others);
  const { origin } = new URL(issuer);
  let away = false;

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (away || new URL(request.url).origin !== origin)
      throw new TypeError('fetch failed', { cause: new Error(`nobody answers at ${request.url}`) });
    return answer(request);
  };
  const leave = async () => {
    away = true;
  };

  return {
    ...subject,
    fetch,
    options: { issuer, now, fetch },
    leave,
    async return() {
      away = false;
    },
    [Symbol.asyncDispose]: leave,
  };
}

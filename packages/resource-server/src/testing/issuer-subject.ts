import { createForgedTokens, type ForgedTokens } from './forged-tokens.ts';
import { createIssuerAnswers } from './issuer-answers.ts';
import { createOpaqueTokens, type OpaqueTokens } from './opaque-tokens.ts';
import { createSigningKey } from './signing-key.ts';
import { createTestTokens, type TestTokens } from './test-tokens.ts';

export interface TestIssuerOptions {
  /** The `aud` of its tokens: the resource server's `resource`. */
  readonly audience: string;
  /** What its tokens carry where a test asks for nothing else. Default: none. */
  readonly scopes?: readonly string[];
  /** Default ES256. */
  readonly algorithm?: string;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** The `Cache-Control` of its key set, for tests of how long keys are kept. Default: none. */
  readonly cacheControl?: string;
}

/** An issuer as a test has it in hand, whether it is asked over HTTP or not. */
export interface TestIssuer extends TestTokens, ForgedTokens, OpaqueTokens, AsyncDisposable {
  readonly issuer: string;
  /**
   * Put over the options of the API, so that it takes this issuer's tokens by the very checks that it runs otherwise:
   * `createResourceServer({ ...mine, ...issuer.options })`.
   */
  readonly options: {
    readonly issuer: string;
    readonly now: () => number;
    readonly fetch?: typeof globalThis.fetch;
  };
  /** Path of every request that it has answered. */
  readonly requests: readonly string[];
  /** Signs with a new key from now on, and publishes only that one, or the old ones too. */
  rotateKeys(options?: { readonly keepOld?: boolean }): Promise<void>;
  /** Is away until `return` is called; the address stays. */
  leave(): Promise<void>;
  return(): Promise<void>;
}

/** All of it but the way by which it is asked. */
export interface IssuerSubject extends Omit<TestIssuer, 'options' | 'leave' | 'return' | keyof AsyncDisposable> {
  /** One request to the issuer, and its answer. */
  answer(request: Request): Promise<Response>;
  readonly now: () => number;
}

export async function createIssuerSubject(issuer: string, options: TestIssuerOptions): Promise<IssuerSubject> {
  const { audience, scopes = [], algorithm = 'ES256', now = () => Date.now(), cacheControl } = options;
  let current = await createSigningKey(algorithm);
  let published = [current.publicJwk];
  const requests: string[] = [];

  const nowSeconds = () => Math.floor(now() / 1000);
  const mint = { issuer, audience, scopes, algorithm, nowSeconds, currentKey: () => current };
  const tokens = createTestTokens(mint);
  const { introspect, ...opaque } = createOpaqueTokens(mint);
  const answers = createIssuerAnswers({
    issuer,
    publishedKeys: () => published,
    cacheControl,
    opaque: { introspect },
  });

  return {
    ...tokens,
    ...createForgedTokens(mint, tokens),
    ...opaque,
    issuer,
    now,
    requests,
    answer(request) {
      requests.push(new URL(request.url).pathname);
      return answers(request);
    },
    async rotateKeys({ keepOld = false } = {}) {
      current = await createSigningKey(algorithm);
      published = [current.publicJwk, ...(keepOld ? published : [])];
    },
  };
}

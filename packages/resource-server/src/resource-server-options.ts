import type { Principal } from './principal.ts';
import type { Refusal } from './refusals.ts';
import { type AsymmetricAlgorithm, asymmetricAlgorithms } from './token-verifier.ts';

export interface ResourceServerOptions<Scope extends string> {
  /** The authorization server's issuer identifier, exactly as in its tokens and its metadata. */
  readonly issuer: string;
  /** This API's resource identifier (RFC 8707): what tokens must carry in `aud`. */
  readonly resource: string;
  /** Shown in challenges (RFC 9110, section 11.5). */
  readonly realm: string;
  /** Every scope of this API, with the words that people read. */
  readonly scopes: Readonly<Record<Scope, string>>;
  readonly resourceName?: string;
  /** Address of the page for developers. */
  readonly documentation?: string;
  /** Default: every asymmetric one. */
  readonly algorithms?: readonly AsymmetricAlgorithm[];
  /** How far the clocks may differ, in seconds. Default 5. */
  readonly clockToleranceSeconds?: number;
  /** The last word on a verified token, asked at each request: false (a disabled person, say) makes it an invalid one. */
  readonly accept?: (principal: Principal) => boolean | Promise<boolean>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** For the log: `refusal.cause` says what the caller is not told. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** For the log: the issuer's keys could not be loaded. */
  readonly onKeysFailure?: (cause: unknown) => void;
}

/** RFC 6749, section 3.3. */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
/** What may stand between quotes in a header without escaping. */
const quotable = /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * Refuses at the start what would fail, or would let somebody in, at a request.
 *
 * @throws {TypeError} with every problem at once
 */
export function assertOptions<Scope extends string>(options: ResourceServerOptions<Scope>): void {
  const { issuer, resource, realm, scopes, algorithms = [], clockToleranceSeconds = 0 } = options;
  const known: readonly string[] = asymmetricAlgorithms;
  const problems = [
    ...(isIdentifier(issuer) ? [] : [`issuer must be an http or https URL without query or fragment: ${issuer}`]),
    ...(isIdentifier(resource) ? [] : [`resource must be an http or https URL without query or fragment: ${resource}`]),
    ...(quotable.test(realm) ? [] : [`realm must be visible ASCII without quote or backslash: ${realm}`]),
    ...Object.keys(scopes)
      .filter((scope) => !scopeToken.test(scope))
      .map((scope) => `scopes must be visible ASCII without space, quote or backslash: ${JSON.stringify(scope)}`),
    ...algorithms
      .filter((algorithm) => !known.includes(algorithm))
      .map((algorithm) => `algorithms must be asymmetric: ${algorithm}`),
    ...(clockToleranceSeconds >= 0 ? [] : ['clockToleranceSeconds must not be negative']),
  ];
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
}

function isIdentifier(value: string): boolean {
  const url = URL.parse(value);
  return !!url && /^https?:$/.test(url.protocol) && !/[?#]/.test(value) && url.username === '' && url.password === '';
}

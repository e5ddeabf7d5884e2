import { httpProblems } from './insecure-http.ts';
import type { ResourceServerOptions } from './resource-server-options.ts';
import { asymmetricAlgorithms, type IssuerOptions } from './verification/issuer-options.ts';

/** RFC 6749, section 3.3. */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
/** What may stand between quotes in a header without escaping. */
const quotable = /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * Refuses at the start what would fail, or would let somebody in, at a request.
 *
 * @throws {TypeError} with every problem at once
 */
export function assertOptions(options: ResourceServerOptions<string, unknown>): void {
  const { resource, realm, scopes, clockToleranceSeconds = 0, publicUrl, tokenCache } = options;
  const issuers = issuersOf(options);
  const names = issuers.map(({ issuer }) => issuer);
  const problems = [
    ...(issuers.length > 0 ? [] : ['issuer must name at least one']),
    ...(new Set(names).size === names.length ? [] : ['issuer must name each issuer once']),
    ...(issuers.filter(({ introspection }) => introspection).length < 2
      ? []
      : ['introspection is possible at one issuer only: an opaque token does not say whose it is']),
    ...issuers.flatMap(issuerProblems),
    ...(isIdentifier(resource) ? [] : [`resource must be an http or https URL without query or fragment: ${resource}`]),
    ...(quotable.test(realm) ? [] : [`realm must be visible ASCII without quote or backslash: ${realm || '(empty)'}`]),
    ...(publicUrl === undefined || isIdentifier(publicUrl)
      ? []
      : [`publicUrl must be an http or https URL without query or fragment: ${publicUrl}`]),
    ...(options.allowInsecureHttp ? [] : httpProblems(issuers, options)),
    ...Object.keys(scopes)
      .filter((scope) => !scopeToken.test(scope))
      .map((scope) => `scopes must be visible ASCII without space, quote or backslash: ${JSON.stringify(scope)}`),
    ...algorithmProblems(options.algorithms),
    ...(clockToleranceSeconds >= 0 ? [] : ['clockToleranceSeconds must not be negative']),
    ...(tokenCache?.maxEntries === undefined || tokenCache.maxEntries >= 1 ? [] : ['tokenCache needs room for one']),
  ];
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
}

export function issuersOf({
  issuer,
}: Pick<ResourceServerOptions<string, unknown>, 'issuer'>): readonly IssuerOptions[] {
  const list = Array.isArray(issuer)
    ? (issuer as readonly (string | IssuerOptions)[])
    : [issuer as string | IssuerOptions];
  return list.map((each) => (typeof each === 'string' ? { issuer: each } : each));
}

function issuerProblems({ issuer, audiences, algorithms, jwksUri, introspection }: IssuerOptions): string[] {
  return [
    ...(isIdentifier(issuer) ? [] : [`issuer must be an http or https URL without query or fragment: ${issuer}`]),
    ...(audiences?.length === 0 ? [`audiences of ${issuer} must not be empty`] : []),
    ...algorithmProblems(algorithms),
    ...[jwksUri, introspection?.endpoint]
      .filter((url) => url !== undefined && !isAsSafe(url, issuer))
      .map((url) => `${url} must be a URL, and https as its issuer is`),
    ...(introspection && (introspection.clientId === '' || introspection.clientSecret === '')
      ? [`introspection at ${issuer} needs clientId and clientSecret`]
      : []),
  ];
}

function algorithmProblems(algorithms: readonly string[] = []): string[] {
  const known: readonly string[] = asymmetricAlgorithms;
  return algorithms
    .filter((algorithm) => !known.includes(algorithm))
    .map((algorithm) => `algorithms must be asymmetric: ${algorithm}`);
}

function isAsSafe(value: string, issuer: string): boolean {
  const protocol = URL.parse(value)?.protocol;
  return protocol === 'https:' || (protocol === 'http:' && !issuer.startsWith('https:'));
}

function isIdentifier(value: string): boolean {
  const url = URL.parse(value);
  return !!url && /^https?:$/.test(url.protocol) && !/[?#]/.test(value) && url.username === '' && url.password === '';
}

import type { ResourceServerOptions } from './resource-server-options.ts';
import type { IssuerOptions } from './verification/issuer-options.ts';

/** RFC 6761, section 6.3: names under `localhost` lead to this machine, too. */
const loopback = /^(.+\.)?localhost$|^127\.0\.0\.1$|^\[::1\]$/;

/**
 * OAuth 2.1, section 1.5: who listens on the way reads every token, and may put keys of their own in the place of the
 * issuer's.
 */
export function httpProblems(
  issuers: readonly IssuerOptions[],
  { resource, publicUrl }: Pick<ResourceServerOptions<string, unknown>, 'resource' | 'publicUrl'>,
): string[] {
  const named = [
    ...issuers.flatMap(({ issuer, jwksUri, introspection }) => [
      { name: 'issuer', url: issuer },
      { name: 'jwksUri', url: jwksUri },
      { name: 'introspection.endpoint', url: introspection?.endpoint },
    ]),
    { name: 'resource', url: resource },
    { name: 'publicUrl', url: publicUrl },
  ];
  return named
    .filter(({ url }) => url !== undefined && isInsecureHttp(url))
    .map(({ name, url }) => `${name} must be https, or allowInsecureHttp set: ${url}`);
}

/** Whether what is sent there can be read on the way: plain http, and not to this very machine. */
function isInsecureHttp(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === 'http:' && !loopback.test(url.hostname);
}

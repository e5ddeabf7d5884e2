import type { ResourceServerOptions } from './resource-server-options.ts';
import type { IssuerOptions } from './verification/issuer-options.ts';

/** RFC 9728, section 2. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  readonly dpop_signing_alg_values_supported?: readonly string[];
  readonly dpop_bound_access_tokens_required?: true;
  readonly tls_client_certificate_bound_access_tokens?: true;
  readonly resource_name?: string;
  readonly resource_documentation?: string;
}

/** RFC 9728, section 3.1: the well-known part goes between the resource identifier's host and its path. */
export function metadataUrlOf(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
}

export function metadataOf(
  options: Pick<
    ResourceServerOptions<string>,
    'resource' | 'scopes' | 'resourceName' | 'documentation' | 'dpop' | 'mtls'
  >,
  issuers: readonly IssuerOptions[],
  dpopAlgorithms: readonly string[] | undefined,
): ProtectedResourceMetadata {
  const { resource, scopes, resourceName, documentation, dpop, mtls } = options;
  return {
    resource,
    authorization_servers: issuers.map(({ issuer }) => issuer),
    scopes_supported: Object.keys(scopes),
    bearer_methods_supported: ['header'],
    ...(dpopAlgorithms && { dpop_signing_alg_values_supported: dpopAlgorithms }),
    ...(dpop !== false && dpop?.required && { dpop_bound_access_tokens_required: true }),
    ...(mtls && { tls_client_certificate_bound_access_tokens: true }),
    ...(resourceName !== undefined && { resource_name: resourceName }),
    ...(documentation !== undefined && { resource_documentation: documentation }),
  };
}

import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';
import { clientSecretProblem } from './client-secrets.ts';
import { metadataUriProblem, type RedirectUriContext, type RegisteredBy, redirectUriProblem } from './redirect-uris.ts';

/*
 * The rules of a registration (RFC 7591, section 2), each with its problem. Every problem is found in one reading, so
 * that a developer mends them all at once. Types are checked first: anything may arrive.
 */

const supportedGrantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;

export const supportedAuthMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;

const supportedIdTokenAlgorithms = ['ES256', 'RS256'];

export type Registration = Record<string, unknown>;

const uriMembers = [
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'jwks_uri',
  'sector_identifier_uri',
  'initiate_login_uri',
  'backchannel_logout_uri',
];

/** The shortest and longest life of an access token that a client may be given, in seconds. */
const accessTokenTtlRange = { min: 1, max: 86_400 } as const;

/** @returns one line for each problem, `member: what is wrong`; those of redirect URIs come first */
export function registrationProblems(registration: Registration, registeredBy: RegisteredBy): string[] {
  return [
    ...redirectProblems(registration, registeredBy),
    ...uriMembers.flatMap((member) => {
      const uri = registration[member];
      const problem = absent(uri) ? undefined : metadataUriProblem(uri, registeredBy);
      return problem ? [`${member}: ${problem}`] : [];
    }),
    ...grantTypeProblems(registration, registeredBy),
    ...authMethodProblems(registration),
    ...scopeProblems(registration, 'scope'),
    ...privilegeProblems(registration, registeredBy),
    ...scopeProblems(registration, 'required_scopes'),
    ...nameProblems(registration),
    ...algorithmProblems(registration),
    ...operatorMemberProblems(registration),
    ...(registeredBy === 'operator' ? secretProblems(registration) : []),
  ];
}

/** An id goes into addresses and, form-encoded, into headers: what needs no encoding looks the same everywhere. */
export function clientIdProblems(id: string): string[] {
  return /^[\w.~-]{1,100}$/.test(id) ? [] : ['client_id: 1 to 100 letters, digits, or . _ ~ -'];
}

function redirectProblems(registration: Registration, registeredBy: RegisteredBy): string[] {
  const context: RedirectUriContext = { native: registration.application_type === 'native', registeredBy };
  const problems: string[] = [];
  for (const member of ['redirect_uris', 'post_logout_redirect_uris']) {
    const uris = registration[member];
    if (absent(uris)) continue;
    if (!Array.isArray(uris)) {
      problems.push(`${member}: must be an array of strings`);
      continue;
    }
    if (uris.length > 50) problems.push(`${member}: at most 50`);
    for (const [index, uri] of uris.entries()) {
      const problem = redirectUriProblem(uri, context);
      if (problem) problems.push(`${member}[${index}] ${problem}`);
    }
  }
  const grantTypes = Array.isArray(registration.grant_types) ? registration.grant_types : ['authorization_code'];
  const hasRedirectUri = Array.isArray(registration.redirect_uris) && registration.redirect_uris.length > 0;
  if (grantTypes.includes('authorization_code') && !hasRedirectUri) {
    problems.unshift('redirect_uris: at least one is needed for authorization_code');
  }
  return problems;
}

function grantTypeProblems({ grant_types, response_types }: Registration, registeredBy: RegisteredBy): string[] {
  const problems: string[] = [];
  if (!absent(grant_types)) {
    if (!isStrings(grant_types)) return ['grant_types: must be an array of strings'];
    for (const type of grant_types) {
      if (!(supportedGrantTypes as readonly string[]).includes(type)) {
        problems.push(`grant_types: ${JSON.stringify(type)} is not supported (${supportedGrantTypes.join(', ')})`);
      }
    }
    if (registeredBy === 'anonymous' && grant_types.includes('client_credentials')) {
      problems.push('grant_types: client_credentials is given by the operator only');
    }
  }
  if (!absent(response_types)) {
    if (!isStrings(response_types)) problems.push('response_types: must be an array of strings');
    else if (response_types.some((type) => type !== 'code')) problems.push('response_types: only "code" is supported');
  }
  return problems;
}

function authMethodProblems(registration: Registration): string[] {
  const { token_endpoint_auth_method: method, grant_types, jwks, jwks_uri } = registration;
  if (absent(method)) return [];
  if (!(supportedAuthMethods as readonly unknown[]).includes(method)) {
    return [`token_endpoint_auth_method: must be one of ${supportedAuthMethods.join(', ')}`];
  }
  if (method === 'private_key_jwt' && absent(jwks) && absent(jwks_uri)) {
    return ['token_endpoint_auth_method: private_key_jwt needs jwks_uri or jwks, the public keys'];
  }
  if (method === 'none' && isStrings(grant_types) && grant_types.includes('client_credentials')) {
    return [
      'grant_types: client_credentials needs a client that can prove who it is, not token_endpoint_auth_method none',
    ];
  }
  return [];
}

function secretProblems({ client_secret: secret, token_endpoint_auth_method: method }: Registration): string[] {
  if (absent(secret)) return [];
  if (method === 'none' || method === 'private_key_jwt')
    return [`client_secret: an app with the method ${method} has none`];
  const problem = clientSecretProblem(secret);
  return problem ? [`client_secret: ${problem}`] : [];
}

function scopeProblems(registration: Registration, member: string): string[] {
  const scope = registration[member];
  if (absent(scope)) return [];
  if (typeof scope !== 'string') return [`${member}: must be a string of scopes separated by spaces`];
  const unknown = words(scope).filter((name) => !openidScopes.has(name as never) && !todosScopes.has(name as never));
  return unknown.map((name) => `${member}: ${JSON.stringify(name)} is not known`);
}

function privilegeProblems({ scope }: Registration, registeredBy: RegisteredBy): string[] {
  if (registeredBy === 'operator') return [];
  return words(scope)
    .filter((name) => todosScopes.get(name as never)?.privileged)
    .map((name) => `scope: ${JSON.stringify(name)} is given by the operator only`);
}

/** Characters that change the reading order or cannot be seen would let a name pretend to be another. */
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|\p{M}{4}/u;

function nameProblems({ client_name: name }: Registration): string[] {
  if (absent(name)) return [];
  if (typeof name !== 'string' || name.trim() === '' || name.length > 100) return ['client_name: 1 to 100 characters'];
  if (!/[\p{L}\p{N}]/u.test(name)) return ['client_name: must have a letter or a digit'];
  return deceptive.test(name) ? ['client_name: must not have invisible or direction-changing characters'] : [];
}

function algorithmProblems({ id_token_signed_response_alg: algorithm }: Registration): string[] {
  if (absent(algorithm) || (supportedIdTokenAlgorithms as unknown[]).includes(algorithm)) return [];
  return [`id_token_signed_response_alg: must be ${supportedIdTokenAlgorithms.join(' or ')}`];
}

function operatorMemberProblems(registration: Registration): string[] {
  const { pkce, access_token_ttl: ttl, token_endpoint_auth_method: method, application_type: type } = registration;
  const problems: string[] = [];
  if (!absent(pkce) && pkce !== 'required' && pkce !== 'optional') problems.push('pkce: must be required or optional');
  if (pkce === 'optional' && method === 'none')
    problems.push('pkce: optional is for clients that have a secret or a key');
  const { min, max } = accessTokenTtlRange;
  if (!absent(ttl) && !(Number.isInteger(ttl) && Number(ttl) >= min && Number(ttl) <= max)) {
    problems.push(`access_token_ttl: whole seconds from ${min} to ${max}`);
  }
  if (!absent(type) && type !== 'web' && type !== 'native') problems.push('application_type: must be web or native');
  return problems;
}

export function words(scope: unknown): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter((word) => word !== '') : [];
}

function absent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}

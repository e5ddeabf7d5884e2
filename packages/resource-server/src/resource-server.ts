import { answerRefusal, type RefusalAnswer } from './challenge.ts';
import { type RequestFacts, readBearerToken } from './credentials.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { jsonFetcher } from './issuer-metadata.ts';
import type { Principal } from './principal.ts';
import { metadataUrlOf, type ProtectedResourceMetadata } from './protected-resource.ts';
import { invalidToken, isRefusal, notAuthenticated, type Refusal } from './refusals.ts';
import { firstUnmet, type Requirement } from './requirement.ts';
import { assertOptions, type ResourceServerOptions } from './resource-server-options.ts';
import { asymmetricAlgorithms, createTokenVerifier } from './token-verifier.ts';

export interface ResourceServer<Scope extends string = string> {
  readonly issuer: string;
  readonly scopes: Readonly<Record<Scope, string>>;
  /** RFC 9728: the document, and the address where it must be served. */
  readonly metadata: { readonly url: string; readonly document: ProtectedResourceMetadata };
  /**
   * Whether a request may pass: the principal, `undefined` for an anonymous caller where the requirement allows one, or
   * a refusal. Never rejects on account of what the caller sent. A request's token is verified once, however often it
   * is asked about.
   */
  authorize(request: RequestFacts, requirement: Requirement): Promise<Principal | undefined | Refusal>;
  /** The refusal as status, headers and JSON body. */
  answer(refusal: Refusal, requirement: Requirement): RefusalAnswer;
}

/**
 * A resource server in OAuth's sense (RFC 6749, section 1.1): takes access tokens (RFC 9068) as bearer tokens
 * (RFC 6750). Nothing is fetched before the first token comes.
 *
 * @throws {TypeError} when the options do not describe a safe one; every problem at once
 */
export function createResourceServer<Scope extends string>(
  options: ResourceServerOptions<Scope>,
): ResourceServer<Scope> {
  assertOptions(options);
  const { issuer, resource, realm, scopes, accept = () => true, now = () => Date.now(), onRefusal } = options;
  // NOTE: `globalThis.fetch` is looked up at each call, so that an app may instrument it after it has made this.
  const { fetch = (...request) => globalThis.fetch(...request) } = options;
  const verify = createTokenVerifier({
    issuer,
    audience: resource,
    keys: createIssuerKeys({
      issuer,
      fetchJson: jsonFetcher(fetch, 5_000),
      now,
      ...(options.onKeysFailure && { onFailure: options.onKeysFailure }),
    }),
    algorithms: options.algorithms ?? asymmetricAlgorithms,
    clockToleranceSeconds: options.clockToleranceSeconds ?? 5,
    now,
  });
  const metadataUrl = metadataUrlOf(resource);
  const authenticated = new WeakMap<RequestFacts, Promise<Principal | undefined | Refusal>>();

  async function authenticate(request: RequestFacts) {
    const token = readBearerToken(request);
    if (token === undefined || isRefusal(token)) return token;
    const principal = await verify(token);
    if (isRefusal(principal) || (await accept(principal))) return principal;
    return invalidToken('not accepted any more');
  }

  function authenticateOnce(request: RequestFacts) {
    const known = authenticated.get(request) ?? authenticate(request);
    authenticated.set(request, known);
    return known;
  }

  async function decide(request: RequestFacts, requirement: Requirement) {
    const principal = await authenticateOnce(request);
    if (isRefusal(principal)) return principal;
    if (!principal) return requirement.mode === 'optional' ? undefined : notAuthenticated();
    return firstUnmet(principal, requirement, now() / 1000) ?? principal;
  }

  return {
    issuer,
    scopes,
    metadata: {
      url: metadataUrl,
      document: {
        resource,
        authorization_servers: [issuer],
        scopes_supported: Object.keys(scopes),
        bearer_methods_supported: ['header'],
        ...(options.resourceName !== undefined && { resource_name: options.resourceName }),
        ...(options.documentation !== undefined && { resource_documentation: options.documentation }),
      },
    },
    async authorize(request, requirement) {
      if (requirement.mode === 'none') return undefined;
      const decision = await decide(request, requirement);
      if (isRefusal(decision)) onRefusal?.(decision);
      return decision;
    },
    answer: (refusal, requirement) => answerRefusal(refusal, { realm, metadataUrl, scopes: requirement.scopes }),
  };
}

import { assertOptions, issuersOf } from './assert-options.ts';
import { createAuthenticator } from './authentication/authenticator.ts';
import { createPossessionCheck, dpopAlgorithmsOf } from './authentication/proof-of-possession.ts';
import { type Awaitable, andThen, isLater } from './awaitable.ts';
import { metadataOf, metadataUrlOf, type ProtectedResourceMetadata } from './protected-resource.ts';
import { answerRefusal, type RefusalAnswer } from './refusal/refusal-answer.ts';
import { accessDenied, isRefusal, notAuthenticated, type Refusal } from './refusal/refusals.ts';
import type { RequestFacts } from './request/request-facts.ts';
import { viewOf } from './request/request-view.ts';
import { namedScopes, type Requirement, resolved } from './requirement/requirement.ts';
import { firstUnmet } from './requirement/unmet.ts';
import type { Decision, ResourceServerOptions } from './resource-server-options.ts';
import { jsonFetcher } from './verification/fetched-json.ts';
import { asymmetricAlgorithms, issuerSettings } from './verification/issuer-options.ts';
import type { Principal } from './verification/principal.ts';
import { createTokenVerifiers } from './verification/token-verifiers.ts';

/** A caller who may pass. */
export interface Authorization<User = undefined> extends Principal {
  /** What `loadUser` has found; `undefined` without it. */
  readonly user: User;
  /** The scopes that this guard and every one around it asked for, unique, the outermost first. */
  readonly requiredScopes: readonly string[];
  /** The same with spaces between them. */
  readonly scopeString: string;
}

export interface ResourceServer<Scope extends string = string, User = undefined> {
  /** The authorization servers whose tokens are taken, by their issuer identifiers. */
  readonly issuers: readonly string[];
  readonly resource: string;
  readonly scopes: Readonly<Record<Scope, string>>;
  /** RFC 9728: the document, and the address where it must be served. */
  readonly metadata: { readonly url: string; readonly document: ProtectedResourceMetadata };
  /**
   * Whether a request may pass: who is calling, `undefined` for an anonymous caller where the requirement allows one, or
   * a refusal. Never rejects on account of what the caller sent. A request's token is verified once, however often it
   * is asked about.
   *
   * To be awaited: a promise where somebody has to be asked or a signature checked, else the decision at once.
   *
   * @param params of the route's path, for scopes that depend on them
   */
  authorize(
    request: RequestFacts,
    requirement: Requirement,
    params?: Readonly<Record<string, string>>,
  ): Awaitable<Authorization<User> | undefined | Refusal>;
  /** The refusal as status, headers and body. */
  answer(refusal: Refusal, requirement: Requirement): RefusalAnswer;
  /**
   * A misspelt scope would lock everybody out, and only be noticed then.
   *
   * @throws {TypeError} when the requirement names a scope that is not in `scopes`
   */
  assertKnownScopes(requirement: Requirement): void;
}

/**
 * A resource server in OAuth's sense (RFC 6749, section 1.1): takes access tokens (RFC 9068) as bearer tokens (RFC 6750),
 * or bound to a key (RFC 9449) or certificate (RFC 8705). Nothing is fetched before the first token comes.
 *
 * @throws {TypeError} when the options do not describe a safe one; every problem at once
 */
export function createResourceServer<const Scope extends string, User = undefined>(
  options: ResourceServerOptions<Scope, User>,
): ResourceServer<Scope, User> {
  assertOptions(options);
  const { resource, realm, scopes, refusalFormat = 'oauth', now = () => Date.now(), onDecision } = options;
  const { accept, loadUser, limiter, onKeysFailure } = options;
  // NOTE: `globalThis.fetch` is looked up at each call, so that an app may instrument it after it has made this.
  const { fetch = (...request) => globalThis.fetch(...request) } = options;
  const defaults = { audiences: [resource], algorithms: options.algorithms ?? asymmetricAlgorithms };
  const issuers = issuersOf(options);
  const metadataUrl = metadataUrlOf(resource);
  const dpopAlgorithms = dpopAlgorithmsOf(options);
  const bearer = options.dpop === false || !options.dpop?.required;

  const authenticate = createAuthenticator<User>({
    verify: createTokenVerifiers({
      issuers: issuers.map((each) => issuerSettings(each, defaults)),
      fetchJson: jsonFetcher(fetch, 5_000),
      clockToleranceSeconds: options.clockToleranceSeconds ?? 5,
      now,
      cacheEntries: options.tokenCache ? (options.tokenCache.maxEntries ?? 1_000) : 0,
      ...(onKeysFailure && { onFailure: (issuer, cause) => onKeysFailure(cause, issuer) }),
    }),
    dpop: dpopAlgorithms !== undefined,
    checkPossession: createPossessionCheck(options, now),
    accept,
    loadUser,
    limiter,
  });

  /** NOTE: without `async`, so that a caller whose token is known waits for nobody. */
  function decide(request: RequestFacts, requirement: Requirement, params?: Readonly<Record<string, string>>) {
    const needed = neededBy(request, requirement, params);
    const authenticated = authenticate(request);
    return isLater(authenticated)
      ? authenticated.then((known) => decisionOn(known, needed))
      : decisionOn(authenticated, needed);
  }

  /** NOTE: what the app's own rule makes of a request that it does not expect lets nobody in, and ends nothing. */
  function neededBy(
    request: RequestFacts,
    requirement: Requirement,
    params?: Readonly<Record<string, string>>,
  ): Requirement | Unresolved {
    try {
      return resolved(requirement, () => viewOf(request, params));
    } catch (error) {
      return { ...requirement, denied: accessDenied('Not enough permissions', error) };
    }
  }

  function decisionOn(
    authenticated: Awaited<ReturnType<typeof authenticate>>,
    needed: Requirement | Unresolved,
  ): Authorization<User> | undefined | Refusal {
    if (isRefusal(authenticated)) return { ...authenticated, scopes: needed.scopes };
    if (!authenticated)
      return needed.mode === 'optional' ? undefined : { ...notAuthenticated(), scopes: needed.scopes };
    const { principal, user, scheme } = authenticated;
    const unmet = 'denied' in needed ? needed.denied : firstUnmet(principal, needed, now() / 1000);
    if (unmet) return { scopes: needed.scopes, ...unmet, ...(scheme === 'dpop' && { scheme }) };
    return { ...principal, user, requiredScopes: needed.scopes, scopeString: needed.scopes.join(' ') };
  }

  return {
    issuers: issuers.map(({ issuer }) => issuer),
    resource,
    scopes,
    metadata: { url: metadataUrl, document: metadataOf(options, issuers, dpopAlgorithms) },
    authorize(request, requirement, params) {
      if (requirement.mode === 'none') return undefined;
      const decided = decide(request, requirement, params);
      if (!onDecision) return decided;
      return andThen(decided, (decision) => {
        onDecision(toDecision(decision));
        return decision;
      });
    },
    answer(refusal, { scopes: needed }) {
      return answerRefusal(refusal, { realm, metadataUrl, scopes: needed, dpopAlgorithms, bearer }, refusalFormat);
    },
    assertKnownScopes(requirement) {
      const unknown = namedScopes(requirement).filter((scope) => !Object.hasOwn(scopes, scope));
      if (unknown.length > 0) throw new TypeError(`scopes missing from the catalogue: ${unknown.join(', ')}`);
    },
  };
}

/** Scopes that depend on the request, and the rule for them has failed. */
interface Unresolved extends Requirement {
  readonly denied: Refusal;
}

function toDecision(decision: Principal | undefined | Refusal): Decision {
  if (isRefusal(decision)) return { outcome: decision.kind, refusal: decision };
  return decision ? { outcome: 'allowed', principal: decision } : { outcome: 'anonymous' };
}

import { type Awaitable, andThen, isLater } from '../awaitable.ts';
import { invalidToken, isRefusal, type Refusal, tooManyRequests } from '../refusal/refusals.ts';
import { type Credentials, readCredentials } from '../request/credentials.ts';
import type { RequestFacts } from '../request/request-facts.ts';
import type { Principal } from '../verification/principal.ts';
import type { TokenVerifier } from '../verification/token-verifier.ts';
import type { Limiter } from './limiter.ts';
import type { PossessionCheck } from './proof-of-possession.ts';

export interface Authenticated<User> {
  readonly principal: Principal;
  readonly user: User;
  /** How the token was presented: an error is told in the challenge of that scheme. */
  readonly scheme: Credentials['scheme'];
}

export interface AuthenticatorOptions<User> {
  readonly verify: TokenVerifier;
  readonly dpop: boolean;
  readonly checkPossession: PossessionCheck;
  readonly accept?: ((principal: Principal) => boolean | Promise<boolean>) | undefined;
  readonly loadUser?: ((principal: Principal) => User | undefined | Promise<User | undefined>) | undefined;
  readonly limiter?: Limiter | undefined;
}

type Identified<User> = Awaitable<Authenticated<User> | Refusal>;

export type Authenticator<User> = (request: RequestFacts) => Awaitable<Authenticated<User> | undefined | Refusal>;

/**
 * Who is calling, found out once per request however often it is asked; at once where nobody has to be asked. In its order:
 *
 * 1. credentials, in one place: none, or 400
 * 2. a verified token: else 401
 * 3. that it is the caller's, where it is bound to a key or certificate: else 401
 * 4. that it is still accepted, by the app's own word: else 401
 * 5. not too many requests: else 429
 * 6. the caller's own record: else 401
 */
export function createAuthenticator<User>(options: AuthenticatorOptions<User>): Authenticator<User> {
  const { verify, dpop, checkPossession, accept, loadUser, limiter } = options;
  const known = new WeakMap<RequestFacts, ReturnType<Authenticator<User>>>();
  const appHasASay = accept !== undefined || limiter !== undefined || loadUser !== undefined;

  function authenticate(request: RequestFacts): ReturnType<Authenticator<User>> {
    const credentials = readCredentials(request, dpop);
    if (credentials === undefined || isRefusal(credentials)) return credentials;
    const principal = verify(credentials.token);
    return isLater(principal)
      ? principal.then((verified) => identify(request, credentials, verified))
      : identify(request, credentials, principal);
  }

  function identify(request: RequestFacts, credentials: Credentials, principal: Principal | Refusal): Identified<User> {
    if (isRefusal(principal)) return refuse(credentials, principal);
    const notTheirs = checkPossession(request, credentials, principal);
    return isLater(notTheirs)
      ? notTheirs.then((checked) => admit(credentials, principal, checked))
      : admit(credentials, principal, notTheirs);
  }

  function admit(credentials: Credentials, principal: Principal, notTheirs: Refusal | undefined): Identified<User> {
    if (notTheirs) return refuse(credentials, notTheirs);
    if (!appHasASay) return { principal, user: undefined as User, scheme: credentials.scheme };
    return andThen(accept ? accept(principal) : true, (accepted) => {
      if (!accepted) return refuse(credentials, invalidToken('not accepted any more'));
      return andThen(limiter?.take(principal), (excess) => {
        if (excess) return tooManyRequests(excess.retryAfterSeconds, excess.headers);
        return andThen(loadUser?.(principal), (user) => {
          if (loadUser && user === undefined) return refuse(credentials, invalidToken('its subject is unknown here'));
          return { principal, user: user as User, scheme: credentials.scheme };
        });
      });
    });
  }

  return (request) => {
    const before = known.get(request);
    if (before) return before;
    const made = authenticate(request);
    // NOTE: what was there at once, and counted nowhere, is found again as quickly as it would be here.
    if (appHasASay || isLater(made)) known.set(request, made);
    return made;
  };
}

/** The error stands in the challenge of the scheme that was used. */
function refuse({ scheme }: Credentials, refusal: Refusal): Refusal {
  return scheme === 'dpop' && !refusal.scheme ? { ...refusal, scheme } : refusal;
}

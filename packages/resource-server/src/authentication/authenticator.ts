import { type Awaitable, andThen } from '../awaitable.ts';
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

export type Authenticator<User> = (request: RequestFacts) => Awaitable<Authenticated<User> | undefined | Refusal>;

/**
 * Who is calling, found out once per request however often it is asked. In its order:
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

  function authenticate(request: RequestFacts): ReturnType<Authenticator<User>> {
    const credentials = readCredentials(request, dpop);
    if (credentials === undefined || isRefusal(credentials)) return credentials;
    const refuse = (refusal: Refusal): Refusal =>
      credentials.scheme === 'dpop' && !refusal.scheme ? { ...refusal, scheme: 'dpop' } : refusal;

    return andThen(verify(credentials.token), (principal) => {
      if (isRefusal(principal)) return refuse(principal);
      return andThen(checkPossession(request, credentials, principal), (notTheirs) => {
        if (notTheirs) return refuse(notTheirs);
        return andThen(admit(principal, credentials.scheme), (admitted) =>
          isRefusal(admitted) ? refuse(admitted) : admitted,
        );
      });
    });
  }

  /** What the app itself has to say about the caller. */
  function admit(principal: Principal, scheme: Credentials['scheme']): Awaitable<Authenticated<User> | Refusal> {
    return andThen(accept ? accept(principal) : true, (accepted) => {
      if (!accepted) return invalidToken('not accepted any more');
      return andThen(limiter?.take(principal), (excess) => {
        if (excess) return tooManyRequests(excess.retryAfterSeconds, excess.headers);
        return andThen(loadUser?.(principal), (user) => {
          if (loadUser && user === undefined) return invalidToken('its subject is unknown here');
          return { principal, user: user as User, scheme };
        });
      });
    });
  }

  return (request) => {
    const before = known.get(request);
    if (before) return before;
    const made = authenticate(request);
    known.set(request, made);
    return made;
  };
}

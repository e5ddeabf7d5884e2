/*
  When a sign-in ends: with its token's time, or when the API says that the token is no good any more, whichever is first.
  What is ended is gone from the page, so that nothing on it looks as if the reader were still signed in. It also says
  what a token is enough for, which Swagger UI answers with yes wherever there is one.
*/

import { grantedOf } from './granted-scopes.js';

/** At most so long between two looks at the clock, since a timer rests while the machine sleeps. In milliseconds. */
const longestRest = 15_000;

/** The part of a plugin that changes what Swagger UI knows, not what it draws. */
export function signInLifetime() {
  const timers = new Map();
  const forgetTimer = (name) => clearTimeout(timers.get(name));

  return {
    auth: {
      actions: {
        beginSignIn: () => ({ type: 'begin_sign_in' }),
        endSignIn: (name) => ({ type: 'end_sign_in', payload: name }),
      },
      reducers: {
        begin_sign_in: (state) => state.delete('ended'),
        end_sign_in: (state, { payload }) => state.deleteIn(['authorized', payload]).set('ended', payload),
      },
      selectors: {
        /** The name of the scheme whose sign-in has ended, while nobody has signed in again. */
        endedSignIn: (state) => state.get('ended'),
      },
      wrapActions: {
        authorizeOauth2:
          (original, { authActions }) =>
          (payload) => {
            authActions.beginSignIn();
            original(payload);
            const { name } = payload.auth;
            const { expires_in: lifetime, received = Date.now() } = payload.token;
            forgetTimer(name);
            if (!Number.isFinite(lifetime)) return;
            const look = () => {
              const rest = received + lifetime * 1_000 - Date.now();
              if (rest <= 0) authActions.endSignIn(name);
              else timers.set(name, setTimeout(look, Math.min(rest, longestRest)));
            };
            look();
          },
        endSignIn: (original) => (name) => {
          forgetTimer(name);
          original(name);
        },
        logout: (original) => (names) => {
          names.forEach(forgetTimer);
          original(names);
        },
      },
      wrapSelectors: { isAuthorized: (_, { authSelectors }) => enough(authSelectors) },
    },
    spec: {
      wrapActions: {
        setResponse: (original, system) => (path, method, response) => {
          original(path, method, response);
          if (isRefusedToken(response)) endSignInOf(system, system.specSelectors.requestFor(path, method)?.toJS());
        },
      },
    },
  };
}

/** Whether the tokens that there are have all that one of the requirements names. */
function enough(authSelectors) {
  return (_, requirements) => {
    const held = authSelectors.authorized().toJS();
    return (requirements?.toJS() ?? []).some((schemes) =>
      Object.entries(schemes).every(([name, scopes]) => {
        const token = held[name]?.token;
        return token ? scopes.every((each) => grantedOf(token).includes(each)) : name in held;
      }),
    );
  };
}

/** RFC 6750, section 3.1. The other 401 are for a token that is good, but not for this: RFC 9470. */
function isRefusedToken({ err: failure, ...response }) {
  // NOTE: Swagger UI takes a refusal for a failure, in which the response is.
  const { status, headers, body } = failure?.response ?? response;
  if (status !== 401) return false;
  return /\berror="?invalid_token\b/.test(headers?.['www-authenticate'] ?? '') || body?.error === 'invalid_token';
}

/** The answer may be to a request from before the latest sign-in, which it says nothing about. */
function endSignInOf({ authSelectors, authActions }, request) {
  for (const [name, { token }] of Object.entries(authSelectors.authorized().toJS()))
    if (token && request?.headers?.Authorization === `Bearer ${token.access_token}`) authActions.endSignIn(name);
}

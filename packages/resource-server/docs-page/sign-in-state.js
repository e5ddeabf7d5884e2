/* The button that opens the dialog, and beside it in one line: whether there is a token, and what it is good for. */

import { grantedOf } from './granted-scopes.js';

export function authorizeButton(h) {
  return function AuthorizeButton({ isAuthorized, showPopup, onClick, getComponent }) {
    const icon = getComponent(isAuthorized ? 'LockAuthIcon' : 'UnlockAuthIcon', true);
    return h(
      'div',
      { className: 'auth-wrapper' },
      h(
        'button',
        {
          type: 'button',
          className: `btn authorize ${isAuthorized ? 'locked' : 'unlocked'}`,
          'aria-haspopup': 'dialog',
          onClick,
        },
        h('span', null, 'Authorize'),
        h(icon),
      ),
      h(getComponent('SignInState', true)),
      showPopup && h(getComponent('authorizationPopup', true)),
    );
  };
}

export function signInState(h) {
  return function SignInState({ authSelectors }) {
    const tokens = [...authSelectors.authorized().values()].map((each) => each.get('token')?.toJS()).filter(Boolean);
    const text = describe(tokens, authSelectors.endedSignIn());
    return h('p', { className: 'sign-in-state', role: 'status' }, text);
  };
}

function describe(tokens, ended) {
  if (tokens.length === 0) return ended ? 'Your sign-in has ended' : 'Not signed in';
  const scopes = tokens.flatMap(grantedOf);
  return scopes.length > 0 ? `Signed in, with ${scopes.join(', ')}` : 'Signed in, without any scope';
}

/* Inside of the dialog: what there is, and what to ask for, be it the first time or more. */

import { grantedOf, grantedScopes } from './granted-scopes.js';
import { scopeChoices } from './scope-choices.js';
import { signInFlow } from './sign-in-flow.js';

export function signInPanel(React, settings) {
  const { createElement: h, useRef, useState } = React;
  const useSignIn = signInFlow(React, settings);
  const Choices = scopeChoices(h);
  const Granted = grantedScopes(h);
  /** What was picked last, for when the dialog opens again. */
  const picks = new Map();

  return function SignInPanel({ name, schema, authSelectors, authActions, specSelectors }) {
    const { clientId, scopes: preselected = [] } = authSelectors.getConfigs() ?? {};
    const scopes = allScopes(name, schema, authSelectors);
    // Opened from an operation, it has those that the operation needs.
    const needed = schema.get('scopes').size < scopes.size ? [...schema.get('scopes').keys()] : [];
    const token = authSelectors.authorized().getIn([name, 'token'])?.toJS();
    const held = token ? grantedOf(token) : [];
    const [picked, setPicked] = useState(() => [
      ...new Set([...(token ? held : (picks.get(name) ?? preselected)), ...needed]),
    ]);
    const { signIn, problem, waiting } = useSignIn();
    const closing = useRef(null);
    const address = (member) => new URL(schema.get(member), new URL(specSelectors.url(), location.href)).href;
    const authorize = async (event) => {
      event.preventDefault();
      picks.set(name, picked);
      const authorizationEndpoint = address('authorizationUrl');
      const request = { clientId, scopes: picked, authorizationEndpoint, tokenEndpoint: address('tokenUrl') };
      const received = await signIn(request);
      if (!received) return;
      authActions.authorizeOauth2({ auth: { name, schema, clientId }, token: received });
      setPicked(grantedOf(received));
      closing.current?.focus();
    };

    const forget = () => {
      authActions.logout([name]);
      closing.current?.focus(); // The button that was pressed is gone.
    };

    const lacking = token ? needed.filter((each) => !held.includes(each)) : [];
    return h(
      'form',
      { className: 'sign-in', onSubmit: authorize },
      token ? h(Granted, { token }) : h(Where, { h, ended: authSelectors.endedSignIn() === name, address }),
      lacking.length > 0 &&
        h('p', note, `This operation also needs ${lacking.join(', ')}. “Authorize again” asks for it.`),
      h(Choices, { name, scopes, picked, onPick: setPicked }),
      problem && problemNote(h, problem),
      waiting && h('p', { ...note, role: 'status' }, 'Go on in the window that has opened. This page waits for it.'),
      h(
        'div',
        { className: 'auth-btn-wrapper' },
        button(h, token ? 'Authorize again' : 'Authorize', submit),
        token && button(h, 'Logout', { key: 'logout', onClick: forget }),
        button(h, 'Close', { ...done, key: 'close', ref: closing, onClick: () => authActions.showDefinitions(false) }),
      ),
    );
  };
}

function Where({ h, ended, address }) {
  const where = h('b', null, new URL(address('authorizationUrl')).host);
  return h(
    'p',
    null,
    ended && 'Your sign-in has ended. ',
    'You sign in at ',
    where,
    ', in a window of its own. This page never sees your password.',
  );
}

function allScopes(name, schema, authSelectors) {
  const whole = authSelectors
    .definitionsToAuthorize()
    .find((each) => each.getIn([name, 'flow']) === schema.get('flow'))
    ?.getIn([name, 'scopes']);
  return whole ?? schema.get('scopes');
}

const submit = { key: 'authorize', type: 'submit', className: 'btn modal-btn auth authorize' };
const done = { className: 'btn modal-btn auth btn-done' };
const note = { className: 'sign-in-note' };

function button(h, label, properties) {
  return h('button', { type: 'button', className: 'btn modal-btn auth', ...properties }, label);
}

function problemNote(h, { problem, detail }) {
  return h(
    'div',
    { className: 'errors sign-in-problem', role: 'alert' },
    h('p', null, problem),
    detail && h('p', { className: 'sign-in-detail' }, detail),
  );
}

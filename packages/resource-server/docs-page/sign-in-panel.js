/* Inside of the dialog: what to ask for, or what there is. */

import { grantedScopes } from './granted-scopes.js';
import { scopeChoices } from './scope-choices.js';
import { signInFlow } from './sign-in-flow.js';

export function signInPanel(React, settings) {
  const { createElement: h, useState } = React;
  const useSignIn = signInFlow(React, settings);
  const Choices = scopeChoices(h);
  const Granted = grantedScopes(h);
  /** What was picked last, for when the dialog opens again. */
  const picks = new Map();

  return function SignInPanel({ name, schema, authSelectors, authActions, specSelectors }) {
    const { clientId, appName, scopes: preselected = [] } = authSelectors.getConfigs() ?? {};
    const scopes = allScopes(name, schema, authSelectors);
    const [picked, setPicked] = useState(() => {
      // Opened from an operation, it has those that the operation needs.
      const needed = schema.get('scopes').size < scopes.size ? schema.get('scopes').keySeq() : [];
      return [...new Set([...(picks.get(name) ?? preselected), ...needed])];
    });
    const { signIn, problem, waiting } = useSignIn();
    const address = (member) => new URL(schema.get(member), new URL(specSelectors.url(), location.href)).href;
    const close = () => authActions.showDefinitions(false);
    const authorize = async (event) => {
      event.preventDefault();
      picks.set(name, picked);
      const authorizationEndpoint = address('authorizationUrl');
      const request = { clientId, scopes: picked, authorizationEndpoint, tokenEndpoint: address('tokenUrl') };
      const token = await signIn(request);
      if (token) authActions.authorizeOauth2({ auth: { name, schema, clientId }, token });
    };

    const token = authSelectors.authorized().getIn([name, 'token'])?.toJS();
    if (token) {
      const forget = () => authActions.logout([name]);
      const buttons = [
        button(h, 'Logout', { onClick: forget }),
        button(h, 'Close', { ...done, onClick: close, autoFocus: true }),
      ];
      return h('div', { className: 'sign-in' }, h(Granted, { token }), h('div', wrapper, ...buttons));
    }

    const where = h('b', null, new URL(address('authorizationUrl')).host);
    const who = `, in a window of its own. The app there is called ${appName}. This page never sees your password.`;
    return h(
      'form',
      { className: 'sign-in', onSubmit: authorize },
      h('p', null, 'You sign in at ', where, who),
      h(Choices, { name, scopes, picked, onPick: setPicked }),
      problem && problemNote(h, problem),
      waiting && h('p', note, 'Go on in the window that has opened. This page waits for it.'),
      h(
        'div',
        wrapper,
        button(h, 'Authorize', { type: 'submit', className: 'btn modal-btn auth authorize' }),
        button(h, 'Close', { ...done, onClick: close }),
      ),
    );
  };
}

function allScopes(name, schema, authSelectors) {
  const whole = authSelectors
    .definitionsToAuthorize()
    .find((each) => each.getIn([name, 'flow']) === schema.get('flow'))
    ?.getIn([name, 'scopes']);
  return whole ?? schema.get('scopes');
}

const wrapper = { className: 'auth-btn-wrapper' };
const done = { className: 'btn modal-btn auth btn-done' };
const note = { className: 'sign-in-note', role: 'status' };

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

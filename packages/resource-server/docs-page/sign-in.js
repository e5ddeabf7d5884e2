/*
  What of Swagger UI is ours: the dialog in which the reader picks scopes and signs in, what an operation needs beside its
  path, and links that a keyboard can tell apart from the buttons around them. Class names and the words on buttons are
  Swagger UI's, so that whoever knows it, person or script, finds the way.
*/

import { grantedOf } from './granted-scopes.js';
import { signInDialog } from './sign-in-dialog.js';
import { signInPanel } from './sign-in-panel.js';

/** A plugin as Swagger UI takes it. */
export function signInPlugin(settings) {
  return ({ React }) => {
    const h = React.createElement;
    const Panel = signInPanel(React, settings);
    return {
      components: {
        authorizationPopup: signInDialog(React),
        authorizeBtn: authorizeButton(h),
        SignInState: signInState(h),
        // A link inside of a button is neither. The address follows all the same.
        DeepLink: ({ text }) => h('span', null, text),
      },
      wrapComponents: {
        // Other flows are none of ours.
        oauth2: (Original) =>
          function OAuth2(props) {
            return h(props.schema.get('flow') === 'authorizationCode' ? Panel : Original, props);
          },
        // The answer stands first, not the command that would have brought it as well.
        curl: (Original) =>
          function Curl(props) {
            return h(
              'details',
              { className: 'curl-folded' },
              h('summary', null, 'The same as a curl command'),
              h(Original, props),
            );
          },
        // The name of the group of what belongs to no group.
        OperationTag: (Original) =>
          function Tag(props) {
            if (props.tag !== 'default') return h(Original, props);
            const heading = h('h3', { className: 'unseen' }, 'Operations');
            return h('div', { className: 'opblock-tag-section is-open' }, heading, props.children);
          },
        TextArea: (Original) =>
          function NamedTextArea(props) {
            return h(Original, { 'aria-label': 'Request body', ...props });
          },
        // A choice of one is none.
        ServersContainer: (Original) =>
          function Servers(props) {
            return props.specSelectors.servers()?.size > 1 ? h(Original, props) : null;
          },
        OperationSummaryPath: (Original) =>
          function Path(props) {
            return h(React.Fragment, null, h(Original, props), needsOf(h, props.operationProps.get('security')));
          },
      },
    };
  };
}

function authorizeButton(h) {
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

/** One line beside the button: whether there is a token, and what it is good for. */
function signInState(h) {
  return function SignInState({ authSelectors }) {
    const [token] = authSelectors
      .authorized()
      .valueSeq()
      .map((each) => each.get('token')?.toJS())
      .filter(Boolean);
    const scopes = token && grantedOf(token);
    const what = scopes?.length > 0 ? `Signed in, with ${scopes.join(', ')}` : 'Signed in, without any scope';
    return h('p', { className: 'sign-in-state', role: 'status' }, token ? what : 'Not signed in');
  };
}

/** The scopes that an operation needs: all of a group, or all of another. */
function needsOf(h, security) {
  const groups = (security?.toJS() ?? [])
    .map((schemes) => Object.values(schemes).flat())
    .filter(({ length }) => length > 0);
  if (groups.length === 0) return null;
  const needs = groups.map((scopes) => scopes.join(' + ')).join(' or ');
  return h('span', { className: 'opblock-needs' }, h('span', { className: 'unseen' }, ' needs '), needs);
}

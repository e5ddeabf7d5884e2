/*
  What of Swagger UI is ours: the dialog in which the reader picks scopes and signs in, what an operation needs beside its
  path, and links that a keyboard can tell apart from the buttons around them. Class names and the words on buttons are
  Swagger UI's, so that whoever knows it, person or script, finds the way.
*/

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
        // A link inside of a button is neither. The address follows all the same.
        DeepLink: ({ text }) => h('span', null, text),
      },
      wrapComponents: {
        // Other flows are none of ours.
        oauth2: (Original) =>
          function OAuth2(props) {
            return h(props.schema.get('flow') === 'authorizationCode' ? Panel : Original, props);
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
      h('p', { className: 'sign-in-state', role: 'status' }, isAuthorized ? 'You are signed in.' : 'Not signed in.'),
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
      showPopup && h(getComponent('authorizationPopup', true)),
    );
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

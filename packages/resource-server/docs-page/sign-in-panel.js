/* Inside of the dialog: what to ask for, then the way to a token and back, then what the token is good for. */

import { answerTo, authorizationUrl, exchange, prepareAttempt, readAnswer } from './authorization.js';
import { grantedScopes } from './granted-scopes.js';
import { scopeChoices } from './scope-choices.js';

export function signInPanel(React, settings) {
  const { createElement: h, useEffect, useRef, useState } = React;
  const Choices = scopeChoices(h);
  const Granted = grantedScopes(h);
  /** What was picked last, for when the dialog opens again. */
  const picks = new Map();

  return function SignInPanel({ name, schema, authSelectors, authActions, specSelectors }) {
    const { clientId, appName, scopes: preselected = [] } = authSelectors.getConfigs() ?? {};
    const [picked, setPicked] = useState(() => [
      ...new Set([...(picks.get(name) ?? preselected), ...(schema.get('allowedScopes')?.keySeq() ?? [])]),
    ]);
    const [problem, setProblem] = useState();
    const [waiting, setWaiting] = useState(false);
    const prepared = useRef();
    const underWay = useRef();
    const prepare = async () => {
      prepared.current = await prepareAttempt();
    };
    useEffect(() => {
      prepare();
      return () => underWay.current?.abort();
    }, []);

    const address = (member) => new URL(schema.get(member), new URL(specSelectors.url(), location.href)).href;
    const request = () => ({
      clientId,
      resource: settings.resource,
      redirectUri: new URL(settings.redirectPath, location.href).href,
      attempt: prepared.current,
    });
    const close = () => authActions.showDefinitions(false);

    const authorize = async (event) => {
      event.preventDefault();
      underWay.current?.abort();
      underWay.current = new AbortController();
      const { signal } = underWay.current;
      const asked = request();
      prepare();
      picks.set(name, picked);
      setProblem(undefined);
      const answering = answerTo(asked.attempt, settings.channelName, signal);
      const url = authorizationUrl({ ...asked, endpoint: address('authorizationUrl'), scopes: picked });
      if (!window.open(url, '_blank'))
        return setProblem({ problem: 'Your browser did not let this page open a window.' });
      setWaiting(true);
      const answer = readAnswer(await answering, settings);
      const result = answer.code ? await exchange({ ...asked, endpoint: address('tokenUrl') }, answer.code) : answer;
      if (signal.aborted) return undefined;
      setWaiting(false);
      if (result.problem) return setProblem(result);
      const token = { ...result.token, asked: picked, received: Date.now() };
      return authActions.authorizeOauth2({ auth: { name, schema, clientId }, token });
    };

    const token = authSelectors.authorized().getIn([name, 'token'])?.toJS();
    if (token)
      return h(
        'div',
        { className: 'sign-in' },
        h(Granted, { token }),
        h(
          'div',
          { className: 'auth-btn-wrapper' },
          h(
            'button',
            { type: 'button', className: 'btn modal-btn auth', onClick: () => authActions.logout([name]) },
            'Logout',
          ),
          h(
            'button',
            { type: 'button', className: 'btn modal-btn auth btn-done', onClick: close, autoFocus: true },
            'Close',
          ),
        ),
      );

    return h(
      'form',
      { className: 'sign-in', onSubmit: authorize },
      h(
        'p',
        null,
        'You sign in at ',
        h('b', null, new URL(address('authorizationUrl')).host),
        `, in a window of its own. ${appName ? `The app there is called ${appName}. ` : ''}This page never sees your password.`,
      ),
      h(Choices, { name, scopes: schema.get('scopes'), picked, onPick: setPicked }),
      problem && h(Problem, { h, ...problem }),
      waiting &&
        h(
          'p',
          { className: 'sign-in-note', role: 'status' },
          'Go on in the window that has opened. This page waits for it.',
        ),
      h(
        'div',
        { className: 'auth-btn-wrapper' },
        h('button', { type: 'submit', className: 'btn modal-btn auth authorize' }, 'Authorize'),
        h('button', { type: 'button', className: 'btn modal-btn auth btn-done', onClick: close }, 'Close'),
      ),
    );
  };
}

function Problem({ h, problem, detail }) {
  return h(
    'div',
    { className: 'errors sign-in-problem', role: 'alert' },
    h('p', null, problem),
    detail && h('p', { className: 'sign-in-detail' }, detail),
  );
}

/* The way to a token and back, as a hook: what it waits for, and what went wrong. */

import { answerTo, authorizationUrl, exchange, prepareAttempt, readAnswer } from './authorization.js';

const noWindow = { problem: 'Your browser did not let this page open a window.' };
const insecure = { problem: 'This page can sign you in over https only, or on localhost.' };

/**
 * @returns a function that is called with what the flow needs and gives the token, or `undefined`: then `problem` says
 *   why, or another attempt has taken its place
 */
export function signInFlow({ useEffect, useRef, useState }, settings) {
  const redirectUri = new URL(settings.redirectPath, location.href).href;

  return function useSignIn() {
    const [problem, setProblem] = useState();
    const [waiting, setWaiting] = useState(false);
    const prepared = useRef();
    const underWay = useRef();
    const prepare = () => {
      prepared.current = prepareAttempt().catch(() => undefined);
    };
    useEffect(() => {
      prepare();
      return () => underWay.current?.abort();
    }, []);

    const fail = (what) => {
      setWaiting(false);
      setProblem(what);
    };
    const signIn = async ({ clientId, scopes, authorizationEndpoint, tokenEndpoint }) => {
      underWay.current?.abort();
      underWay.current = new AbortController();
      const { signal } = underWay.current;
      setProblem(undefined);
      const attempt = await prepared.current;
      if (!attempt) return fail(insecure);
      prepare();

      const request = { clientId, redirectUri, resource: settings.resource, attempt };
      const answering = answerTo(attempt, settings.channelName, signal);
      if (!window.open(authorizationUrl({ ...request, endpoint: authorizationEndpoint, scopes }), '_blank'))
        return fail(noWindow);
      setWaiting(true);
      const answer = readAnswer(await answering, settings);
      const result = answer.problem ? answer : await exchange({ ...request, endpoint: tokenEndpoint }, answer.code);
      if (signal.aborted) return undefined;
      if (result.problem) return fail(result);
      setWaiting(false);
      return { ...result.token, asked: scopes, received: Date.now() };
    };
    return { signIn, problem, waiting };
  };
}

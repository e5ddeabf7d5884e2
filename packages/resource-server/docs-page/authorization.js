/*
  The authorization code flow of a public client in a browser: PKCE (RFC 7636), state, iss (RFC 9207), resource
  (RFC 8707). It knows neither the page nor what draws it, and keeps nothing: what it gives is in memory only.

  A sign-in page answers with `Cross-Origin-Opener-Policy: same-origin`, so the window in which it is has no opener. What
  comes back therefore comes over a BroadcastChannel, which only pages of this origin hear.
*/

/**
 * What one attempt needs. Made before anybody presses the button, since a browser opens a window only at once.
 *
 * @returns {Promise<{ state: string, verifier: string, challenge: string }>} 256 random bits each
 */
export async function prepareAttempt() {
  const verifier = randomText();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { state: randomText(), verifier, challenge: base64url(new Uint8Array(digest)) };
}

/** RFC 6749, section 4.1.1. Without scopes the parameter is left out; `resource` still asks for a token of the API. */
export function authorizationUrl({ endpoint, clientId, redirectUri, resource, scopes, attempt }) {
  const url = new URL(endpoint);
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' ') || undefined,
    state: attempt.state,
    code_challenge: attempt.challenge,
    code_challenge_method: 'S256',
    resource,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/**
 * The answer to this attempt, and to no other: what carries another state is of another tab, or of somebody who wants
 * this page to use their code.
 *
 * @returns {Promise<Record<string, string>>} the parameters; never settles once `signal` is aborted
 */
export function answerTo(attempt, channelName, signal) {
  const channel = new BroadcastChannel(channelName);
  signal.addEventListener('abort', () => channel.close(), { once: true });
  return new Promise((resolve) => {
    channel.addEventListener('message', ({ data }) => {
      if (typeof data?.answer !== 'object' || data.answer?.state !== attempt.state) return;
      channel.postMessage({ taken: attempt.state });
      channel.close();
      resolve(data.answer);
    });
  });
}

/**
 * RFC 9207, section 2.4, then RFC 6749, section 4.1.2.
 *
 * @returns {{ code: string } | { problem: string, detail?: string }}
 */
export function readAnswer(answer, { issuer, issuerParameter }) {
  const expected = answer.iss === issuer || (answer.iss === undefined && issuerParameter === 'optional');
  if (!expected) return { problem: `The answer did not come from ${issuer}, so this page has not used it.` };
  if (answer.error === 'access_denied')
    return { problem: 'Nothing was allowed, so there is no token.', detail: describe(answer) };
  if (answer.error !== undefined)
    return { problem: 'The authorization server refused the request.', detail: describe(answer) };
  if (!answer.code) return { problem: 'The answer has neither a code nor an error.' };
  return { code: answer.code };
}

/**
 * RFC 6749, section 4.1.3, with the verifier of RFC 7636, section 4.5.
 *
 * @returns {Promise<{ token: Record<string, unknown> } | { problem: string, detail?: string }>}
 */
export async function exchange({ endpoint, clientId, redirectUri, resource, attempt }, code, fetch = globalThis.fetch) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    code_verifier: attempt.verifier,
    resource,
  });
  const { origin } = new URL(endpoint);
  try {
    const response = await fetch(endpoint, { method: 'POST', body, credentials: 'omit', redirect: 'error' });
    const answer = await response.json();
    if (!response.ok) return { problem: 'The authorization server gave no token.', detail: describe(answer) };
    // NOTE: section 7.1: a token of a kind that one does not know is not to be used.
    if (typeof answer?.access_token !== 'string' || String(answer.token_type).toLowerCase() !== 'bearer')
      return { problem: 'The authorization server gave a token that this page cannot use.' };
    return { token: answer };
  } catch {
    return { problem: `${origin} cannot be reached from this page. Is it there, and may this page call it (CORS)?` };
  }
}

function describe({ error, error_description }) {
  return [error, error_description].filter((part) => typeof part === 'string').join(': ');
}

function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

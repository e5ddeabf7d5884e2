/*
  Shows a secret that opens nothing any more in its place, instead of on a page of its own; and computes, here in the browser,
  that a code verifier is what the request promised (RFC 7636). Without this file the same form leads to the same words.
*/

document.addEventListener('submit', async (event) => {
  const form = event.target.closest?.('.flow-reveal');
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: 'POST', body, headers: { 'X-CSRF': '1' } }).catch(
    () => undefined,
  );
  const answer = await response?.json().catch(() => undefined);
  const said = answer?.value === undefined ? [refusal(answer)] : await secret(answer);
  const place = document.createElement('span');
  place.tabIndex = -1;
  place.append(...said);
  form.replaceWith(place);
  place.focus();
});

function refusal(answer) {
  return answer?.error_description ?? 'It could not be shown just now.';
}

async function secret({ value, challenge }) {
  const shown = element('code', 'flow-value', value);
  if (challenge === undefined || !isSecureContext) return [shown];
  const computed = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value)));
  const words = element('span', 'small', 'Its SHA-256, as base64url, computed just now in this browser: ');
  const end =
    computed === challenge ? '. The request carried just this as code_challenge.' : '. The request carried another!';
  words.append(element('code', '', computed), end);
  return [shown, ' ', words];
}

function element(name, classes, text) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

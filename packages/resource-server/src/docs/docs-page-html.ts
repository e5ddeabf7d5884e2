import type { ResolvedOptions } from './docs-page-options.ts';

/** Addresses of the files by their names. */
export type AssetUrls = (name: string) => string;

/** The page as it comes; Swagger UI is drawn into it. What the scripts must know stands in an attribute, so that no script is inline. */
export function docsPageHtml(options: ResolvedOptions, asset: AssetUrls): string {
  const { title, documentUrl, hint, issuer, markUrl = asset('mark.svg') } = options;
  const document = escapeHtml(documentUrl);
  return `${head(title, asset, ['docs-page.css', 'operations.css'])}
  <link rel="preload" as="style" href="${asset('swagger-ui.css')}">
  <script src="${asset('swagger-ui-bundle.js')}" defer></script>
  <script src="${asset('start.js')}" type="module"></script>
</head>
<body>
  <a class="skip" href="#operations">Skip to the operations</a>
  <header class="bar">
    <div class="bar-inside">
      <span class="brand"><img class="mark" src="${escapeHtml(markUrl)}" alt="" width="28" height="28">${escapeHtml(title)}</span>
      <a href="${document}">OpenAPI document</a>
    </div>
  </header>
  <section class="introduction" aria-labelledby="title">
    <h1 id="title">Try the ${escapeHtml(title)}</h1>
    <ol class="steps">
      <li><b>Pick scopes.</b> “Authorize” asks what this page may do for you: all, some, or nothing.</li>
      <li><b>Sign in</b> at ${escapeHtml(new URL(issuer).host)}. You can still say no there, to all of it or to a part.</li>
      <li><b>Call.</b> Open an operation, “Try it out”, “Execute”. A refusal says what is missing.</li>
    </ol>
${hint === undefined ? '' : `    <p class="hint">${escapeHtml(hint)}</p>\n`}    <noscript><p class="notice">This page needs JavaScript to sign you in and to send requests. All that it shows is in <a href="${document}">the API’s OpenAPI document</a>.</p></noscript>
    <h2 class="unseen">Sign in and call</h2>
  </section>
  <div id="swagger-ui" data-settings='${settingsAttribute(options)}'></div>
</body>
</html>
`;
}

/** Where the authorization server sends the window back to. */
export function redirectHtml(options: ResolvedOptions, asset: AssetUrls): string {
  const { title, basePath, channelName } = options;
  const back = `<p><a href="${basePath}">Go to the documentation</a></p>`;
  return `${head(`Signing in · ${title}`, asset, ['docs-page.css'])}
  <script src="${asset('redirect.js')}" defer></script>
</head>
<body data-settings='${attribute({ channelName })}'>
  <main class="redirect">
    <div data-part="busy"><h1>One moment…</h1><p>The documentation takes it from here.</p></div>
    <div data-part="done" hidden><h1>You can close this window</h1><p>The documentation has what it needs.</p></div>
    <div data-part="nobody" hidden><h1>Nobody is waiting for this sign-in</h1><p>The page that asked for it is closed, or asked again meanwhile. Nothing was signed in.</p>${back}</div>
    <noscript><p class="notice">Signing in to the documentation needs JavaScript.</p></noscript>
  </main>
</body>
</html>
`;
}

function head(title: string, asset: AssetUrls, styles: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${escapeHtml(title)}</title>
  <link rel="icon" href="${asset('mark.svg')}">
${styles.map((name) => `  <link rel="stylesheet" href="${asset(name)}">`).join('\n')}`;
}

/** `initOAuth` is what Swagger UI's function of that name is called with. */
function settingsAttribute(options: ResolvedOptions): string {
  const { documentUrl, clientId, appName, scopes = [], issuer, issuerParameter = 'required' } = options;
  const { resource, redirectPath, channelName } = options;
  const initOAuth = { clientId, appName, scopes, usePkceWithAuthorizationCodeGrant: true };
  return attribute({ documentUrl, initOAuth, issuer, issuerParameter, resource, redirectPath, channelName });
}

/** JSON between single quotes. */
function attribute(settings: object): string {
  return JSON.stringify(settings).replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('<', '&lt;');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

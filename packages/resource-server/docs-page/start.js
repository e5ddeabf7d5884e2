/* Puts the page together: Swagger UI with our sign-in, by the settings that stand in the page. */

import { docsPagePlugin } from './plugin.js';

const mount = document.querySelector('[data-settings]');
const { initOAuth, ...settings } = JSON.parse(mount.dataset.settings);

followColourScheme();
const ui = window.SwaggerUIBundle({
  domNode: mount,
  url: settings.documentUrl,
  plugins: [docsPagePlugin(settings)],
  oauth2RedirectUrl: new URL(settings.redirectPath, location.href).href,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Its colours are meant for a dark ground, and not enough can tell them apart.
  syntaxHighlight: false,
  // Left alone, it sends the document's address to a service of its makers.
  validatorUrl: null,
});
ui.initOAuth(initOAuth);

/** Swagger UI has a dark side, and waits to be told. */
function followColourScheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', follow);
  follow();
}

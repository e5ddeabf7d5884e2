/** What the suite speaks with servers through, for other trials that do the same. */
export { type Answer, refreshTokenIn } from './answer.ts';
export { createBrowser } from './browser.ts';
export { type CodeSource, createCodeSource } from './code-source.ts';
export { type ClientIdentity, createOAuthClient, type OAuthClient } from './oauth-client.ts';
export { discover, type ServerMetadata } from './server-metadata.ts';
export { answerForms } from './sign-in-forms.ts';
export { createTraffic, volley } from './traffic.ts';

/**
 * A docs page for an API that the kit protects: the reader picks scopes, signs in, and calls. It needs `swagger-ui-dist`
 * beside this package. It owns the page and its files; the document that it shows is the API's.
 */
export { createDocsPage, type DocsAnswer, type DocsPage, type DocsRequest } from './docs-page.ts';
export { docsPage } from './docs-page-koa.ts';
export type { DocsPageOptions } from './docs-page-options.ts';

/**
 * The OpenAPI document of declared routes: what it says about scopes is what their guards check, since both come from
 * the same declaration. Serving it is the app's business; a page to read and try it is in `./docs`.
 */
export { type OpenApiDocument, type OpenApiOptions, openApiDocument } from './openapi-document.ts';

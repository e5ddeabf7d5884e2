/**
 * How pages are made: views from `views/` in one layout with one stylesheet, security headers, forms that carry a
 * token, and the error page. It owns no page of its own: each room renders the folder of views named after it.
 */
export { createAssets } from './assets.ts';
export { csrfField, csrfToken, verifyCsrf } from './csrf.ts';
export { createPages, type Pages } from './pages.ts';
export { securityHeaders } from './security-headers.ts';

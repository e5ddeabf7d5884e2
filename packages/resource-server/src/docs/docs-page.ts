import { createHash } from 'node:crypto';
import { type Asset, loadAssets } from './docs-page-assets.ts';
import { docsPageHtml, redirectHtml } from './docs-page-html.ts';
import { type DocsPageOptions, type ResolvedOptions, resolveOptions } from './docs-page-options.ts';

/** What the page must know of a request; Node's `IncomingMessage` fits, but for the path. */
export interface DocsRequest {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface DocsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Also for HEAD, to which the server writes none of it. */
  readonly body: string | Buffer | undefined;
}

export interface DocsPage {
  /** Where it is. */
  readonly basePath: string;
  /** What to register for the client, under the API's origin. */
  readonly redirectPath: string;
  /** Undefined for what is no part of the page. Never throws for anything that a stranger sends. */
  answer(request: DocsRequest): Promise<DocsAnswer | undefined>;
}

/**
 * A page in which readers pick scopes, sign in as a public client with PKCE (RFC 7636), and call the API. Framework-free:
 * hand it requests, and send what it answers. It comes with a policy (CSP) of its own, under which nothing inline runs
 * and nothing but this origin and the authorization server is called; keep that header as it is.
 *
 * The authorization server must allow this origin at its token endpoint (CORS) for the client.
 *
 * @throws {TypeError} for options that are none
 * @throws {Error} when `swagger-ui-dist` is not installed
 */
export function createDocsPage(docsPageOptions: DocsPageOptions): DocsPage {
  const options = resolveOptions(docsPageOptions);
  const { basePath, redirectPath } = options;
  const assets = loadAssets(basePath);
  const page = docsPageHtml(options, assets.url);
  const etag = `"${createHash('sha256').update(page).digest('base64url').slice(0, 22)}"`;
  const redirectPage = redirectHtml(options, assets.url);
  const html = { ...commonHeaders, 'Content-Type': 'text/html; charset=utf-8' };
  const pageHeaders = {
    ...html,
    'Content-Security-Policy': policy(connectSources(options)),
    'Cache-Control': 'no-cache',
    ETag: etag,
  };
  const redirectHeaders = { ...html, 'Content-Security-Policy': policy("'none'"), 'Cache-Control': 'no-store' };

  return {
    basePath,
    redirectPath,
    async answer({ method, path, headers }) {
      const asset = assets.find(path);
      if (!asset && path !== basePath && path !== `${basePath}/` && path !== redirectPath) return undefined;
      if (method !== 'GET' && method !== 'HEAD') return notAllowed(method);
      if (asset) return assetAnswer(asset, headers['accept-encoding']);
      if (path === redirectPath) return { status: 200, headers: redirectHeaders, body: redirectPage };
      if (path !== basePath) return { status: 308, headers: { ...commonHeaders, Location: basePath }, body: undefined };
      if (includes(headers['if-none-match'], etag)) return { status: 304, headers: pageHeaders, body: undefined };
      return { status: 200, headers: pageHeaders, body: page };
    },
  };
}

const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
} as const;

function connectSources({ issuer, connectOrigins = [] }: ResolvedOptions): string {
  return ["'self'", ...new Set([issuer, ...connectOrigins].map((url) => new URL(url).origin))].join(' ');
}

function policy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function notAllowed(method: string): DocsAnswer {
  const headers = { ...commonHeaders, Allow: 'GET, HEAD' };
  return { status: method === 'OPTIONS' ? 204 : 405, headers, body: undefined };
}

async function assetAnswer(asset: Asset, accepted: string | string[] | undefined): Promise<DocsAnswer> {
  const headers = {
    ...commonHeaders,
    'Content-Type': asset.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
  };
  if (!/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(String(accepted ?? '')))
    return { status: 200, headers, body: asset.body };
  return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: await asset.compressed() };
}

function includes(header: string | string[] | undefined, etag: string): boolean {
  return String(header ?? '')
    .split(',')
    .some((each) => each.trim().replace(/^W\//, '') === etag);
}

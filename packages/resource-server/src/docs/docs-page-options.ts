export interface DocsPageOptions {
  /** Where the page is, without a slash at the end. The redirect URI to register is `oauth2-redirect` under it. Default `/docs`. */
  readonly basePath?: string;
  /** Where the API's OpenAPI document is. Default `/openapi.json`. */
  readonly documentUrl?: string;
  /** The page's heading: what the API is called. */
  readonly title: string;
  /** A public client, registered with this page's redirect URI; it has no secret. */
  readonly clientId: string;
  /** What Swagger UI calls this client (`initOAuth`). The consent page shows the name that it is registered with. Default: the title. */
  readonly appName?: string;
  /** RFC 8414: the authorization server. Its origin is the only other one that the page may call, and `iss` must name it. */
  readonly issuer: string;
  /** Origins of the token endpoint, where they are not the issuer's. */
  readonly connectOrigins?: readonly string[];
  /**
   * RFC 9207: whether an answer without `iss` is refused. Default `required`; `optional` is for authorization servers that
   * send none.
   */
  readonly issuerParameter?: 'required' | 'optional';
  /** RFC 8707: the API's identifier. Without it, a sign-in without any scope would give a token for nobody's API. */
  readonly resource: string;
  /** Scopes that are picked at first. Default none. */
  readonly scopes?: readonly string[];
  /** A line under the introduction, for whom to sign in as in a demonstration, say. */
  readonly hint?: string;
  /** The mark at the top: an address on this origin, or a `data:` URL. Default Latchkey's. */
  readonly markUrl?: string;
}

export type ResolvedOptions = DocsPageOptions & {
  readonly basePath: string;
  readonly documentUrl: string;
  readonly appName: string;
  readonly redirectPath: string;
  readonly channelName: string;
};

/** @throws {TypeError} for a path, an issuer or a resource that is none */
export function resolveOptions(options: DocsPageOptions): ResolvedOptions {
  const { basePath = '/docs', documentUrl = '/openapi.json', appName = options.title } = options;
  if (!/^(?:\/[\w.~-]+)+$/.test(basePath))
    throw new TypeError(`basePath must be a path without a slash at its end: ${basePath}`);
  if (!URL.canParse(options.issuer)) throw new TypeError(`issuer must be a URL: ${options.issuer}`);
  if (!URL.canParse(options.resource) || options.resource.includes('#'))
    throw new TypeError(`resource must be an absolute URI without a fragment (RFC 8707): ${options.resource}`);
  const redirectPath = `${basePath}/oauth2-redirect`;
  return { ...options, basePath, documentUrl, appName, redirectPath, channelName: `docs-page ${redirectPath}` };
}

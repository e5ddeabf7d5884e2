import type { JWK } from 'jose';
import type { IntrospectableTokens } from './opaque-tokens.ts';

export interface IssuerAnswersOptions {
  readonly issuer: string;
  readonly publishedKeys: () => readonly JWK[];
  /** The `Cache-Control` of the key set. */
  readonly cacheControl: string | undefined;
  readonly opaque: Pick<IntrospectableTokens, 'introspect'>;
}

/** What the issuer says over HTTP: its metadata (RFC 8414), its keys (RFC 7517), what opaque tokens are; else 404. */
export function createIssuerAnswers(options: IssuerAnswersOptions): (request: Request) => Promise<Response> {
  const { issuer, publishedKeys, cacheControl, opaque } = options;
  const base = new URL(issuer).pathname.replace(/\/$/, '');
  const metadata = { issuer, jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` };

  return async function answer(request) {
    const { pathname } = new URL(request.url);
    switch (`${request.method} ${pathname}`) {
      case `GET /.well-known/oauth-authorization-server${base}`:
        return Response.json(metadata);
      case `GET ${base}/jwks`: {
        const headers = new Headers(cacheControl === undefined ? [] : [['cache-control', cacheControl]]);
        return Response.json({ keys: publishedKeys() }, { headers });
      }
      case `POST ${base}/introspect`: {
        const told = await opaque.introspect(request);
        return told ? Response.json(told) : Response.json({ error: 'invalid_client' }, { status: 401 });
      }
      default:
        return Response.json({}, { status: 404 });
    }
  };
}

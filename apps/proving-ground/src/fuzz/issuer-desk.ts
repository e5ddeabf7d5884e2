import { encoded } from './draft.ts';
import { createSigner, type Signer } from './signer.ts';

/** An authorization server in the same process: its documents, its key, and its answers about opaque tokens. */
export interface IssuerDesk {
  readonly issuer: string;
  readonly signer: Signer;
  /** Answers at its own addresses, and nowhere else. */
  answer(url: string, body: string): Response | undefined;
  /** @param claims as JSON text */
  opaqueToken(claims: string): string;
}

const mostTokens = 5_000;

export async function createIssuerDesk(issuer: string, alg: 'ES256' | 'RS256'): Promise<IssuerDesk> {
  const signer = await createSigner(alg);
  const { publicJwk, kid } = signer;
  const known = new Map<string, string>();
  const { origin, pathname } = new URL(issuer);
  const documents: Readonly<Record<string, unknown>> = {
    [`${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`]: {
      issuer,
      jwks_uri: `${issuer}/jwks`,
      introspection_endpoint: `${issuer}/introspect`,
    },
    [`${issuer}/jwks`]: { keys: [{ ...publicJwk, kid, alg, use: 'sig' }] },
  };
  return {
    issuer,
    signer,
    answer(url, body) {
      if (!url.startsWith(`${origin}/`)) return undefined;
      if (url === `${issuer}/introspect`) return introspected(known.get(new URLSearchParams(body).get('token') ?? ''));
      return Response.json(documents[url] ?? {}, { status: documents[url] ? 200 : 404 });
    },
    opaqueToken(claims) {
      // NOTE: the oldest only. Others are still under way, and would be unknown when they are asked about.
      const [oldest] = known.keys();
      if (known.size > mostTokens && oldest !== undefined) known.delete(oldest);
      const token = encoded(crypto.getRandomValues(Buffer.alloc(32)));
      known.set(token, claims);
      return token;
    },
  };
}

/** RFC 7662, section 2.2; the claims stand in it as they are. */
function introspected(claims: string | undefined): Response {
  const json = claims === undefined ? '{"active":false}' : claims.replace(/^\{/, '{"active":true,');
  return new Response(json, { headers: { 'content-type': 'application/json' } });
}

/** `fetch`, with these at the other end. */
export function fetchOf(desks: readonly IssuerDesk[]): typeof fetch {
  return async (input, init) => {
    const body = init?.body instanceof URLSearchParams ? init.body.toString() : '';
    const found = desks.map((desk) => desk.answer(String(input), body)).find((each) => each !== undefined);
    if (!found) throw new TypeError(`nobody is at ${input}`);
    return found;
  };
}

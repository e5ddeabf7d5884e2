import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { resource } from './guard-task.ts';

export const algorithms = ['ES256', 'RS256'] as const;
export type TokenAlgorithm = (typeof algorithms)[number];

/** An authorization server with a key of each kind, in the place where every guard looks for it. */
export interface KitIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly jwksUri: string;
  /** An access token (RFC 9068) of an hour; each has a `jti` of its own. */
  accessToken(algorithm: TokenAlgorithm, scope: string): Promise<string>;
}

export async function startKitIssuer(): Promise<KitIssuer> {
  const keys = new Map(await Promise.all(algorithms.map(async (each) => [each, await signingKey(each)] as const)));
  const published = { keys: [...keys.values()].map(({ publicJwk }) => publicJwk) };
  const server = createServer((request, response) => {
    const metadata = { issuer, jwks_uri: jwksUri };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.url === jwksPath ? published : metadata));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwksUri = `${issuer}${jwksPath}`;

  return {
    issuer,
    jwksUri,
    accessToken(algorithm, scope) {
      const key = keys.get(algorithm);
      if (!key) throw new Error(`no key for ${algorithm}`);
      const claims = { client_id: 'planner', scope, auth_time: Math.floor(Date.now() / 1000), acr: '1' };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid: String(key.publicJwk.kid) })
        .setIssuer(issuer)
        .setAudience(resource)
        .setSubject('alice')
        .setIssuedAt()
        .setExpirationTime('1h')
        .setJti(randomUUID())
        .sign(key.privateKey);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const jwksPath = '/.well-known/jwks.json';

async function signingKey(algorithm: TokenAlgorithm) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: algorithm, use: 'sig' };
  return { privateKey, publicJwk };
}

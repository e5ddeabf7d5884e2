import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';

export interface TestIssuerOptions {
  /** The `aud` of its tokens. */
  readonly audience: string;
  /** Default ES256. */
  readonly algorithm?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface TestIssuer extends AsyncDisposable {
  readonly issuer: string;
  /** Path of every request that it has answered. */
  readonly requests: readonly string[];
  /**
   * A signed access token of `alice`, without scopes, for five minutes.
   *
   * @param claims put over the usual ones; `undefined` leaves a claim out
   * @param header put over the usual `alg`, `typ` and `kid`
   * @param key signs in the place of the current one
   */
  accessToken(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>, key?: Key): Promise<string>;
  /** Signs with a new key from now on, and publishes only that one, or the old ones too. */
  rotateKeys(options?: { readonly keepOld?: boolean }): Promise<void>;
  /** Is away until `return` is called; the address stays. */
  leave(): Promise<void>;
  return(): Promise<void>;
}

type Key = CryptoKey | Uint8Array;

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Starts an issuer on a free loopback port. */
export async function startTestIssuer(options: TestIssuerOptions): Promise<TestIssuer> {
  const { audience, algorithm = 'ES256', now = () => Date.now() } = options;
  let current = await createSigningKey(algorithm);
  let published = [current.publicJwk];
  const requests: string[] = [];

  let server = await serve(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;

  async function serve(onPort: number): Promise<Server> {
    const made = createServer((request, response) => {
      requests.push(request.url ?? '');
      const document = documents()[request.url ?? ''];
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(document ?? {}));
    });
    made.listen(onPort, '127.0.0.1');
    await once(made, 'listening');
    return made;
  }

  function documents(): Record<string, unknown> {
    const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
    return { '/.well-known/oauth-authorization-server': metadata, '/jwks': { keys: published } };
  }

  async function leave() {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return {
    issuer,
    requests,
    accessToken(claims = {}, header = {}, key = current.privateKey) {
      const seconds = Math.floor(now() / 1000);
      const usual = { iss: issuer, aud: audience, sub: 'alice', client_id: 'test-client', jti: randomUUID() };
      return new SignJWT({ ...usual, iat: seconds, exp: seconds + 300, ...claims })
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid: current.publicJwk.kid ?? '', ...header })
        .sign(key);
    },
    async rotateKeys({ keepOld = false } = {}) {
      current = await createSigningKey(algorithm);
      published = [current.publicJwk, ...(keepOld ? published : [])];
    },
    leave,
    async return() {
      if (!server.listening) server = await serve(port);
    },
    [Symbol.asyncDispose]: leave,
  };
}

async function createSigningKey(algorithm: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const publicJwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: algorithm, use: 'sig' };
  return { privateKey, publicJwk };
}

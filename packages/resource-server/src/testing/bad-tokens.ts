import type { ForgedTokens } from './forged-tokens.ts';
import type { BearerHeaders } from './test-tokens.ts';

export interface BadToken {
  /** For the name of a test. */
  readonly name: string;
  readonly headers: BearerHeaders;
}

/**
 * One of each kind that every guarded route must refuse with 401, whatever its options are. Their scopes are the issuer's
 * usual ones, so that nothing is refused merely for a scope:
 *
 *     for (const { name, headers } of await badTokens(issuer))
 *       test(`${name} is refused`, async () => {
 *         assert.equal((await app.request('/notes', { headers })).status, 401);
 *       });
 */
export async function badTokens(issuer: ForgedTokens): Promise<readonly BadToken[]> {
  return Promise.all([
    named('an expired token', issuer.expired()),
    named('a token that is not valid yet', issuer.notYetValid()),
    named('a token for another API', issuer.wrongAudience()),
    named('a token of another issuer', issuer.wrongIssuer()),
    named('a token without an end', issuer.withoutClaim('exp')),
    named('a token without a subject', issuer.withoutClaim('sub')),
    named('a token without an audience', issuer.withoutClaim('aud')),
    named('a token without an issuer', issuer.withoutClaim('iss')),
    named('a token of another type', issuer.wrongType()),
    named('a token without a signature', issuer.unsigned()),
    named('a token signed with the public key as a secret', issuer.hmacWithPublicKey()),
    named('a token signed with a foreign key', issuer.foreignKey()),
    named('a token that was tampered with', issuer.tampered()),
    named('a stolen token that is bound to a key', issuer.stolenBoundToken()),
    named('what is not a token', Promise.resolve({ authorization: 'Bearer not-a-token' })),
  ]);
}

async function named(name: string, headers: Promise<BearerHeaders>): Promise<BadToken> {
  return { name, headers: await headers };
}

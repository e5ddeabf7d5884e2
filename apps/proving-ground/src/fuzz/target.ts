import type { Outcome } from './answers.ts';
import { type Draft, type Members, members, type Presented } from './draft.ts';
import type { EditContext } from './edit.ts';
import type { IssuerDesk } from './issuer-desk.ts';
import type { Signer } from './signer.ts';

/** A guarded API, and how a good request to it looks. */
export interface Target {
  readonly name: string;
  readonly context: Omit<EditContext, 'random' | 'now'>;
  /** Milliseconds since the epoch. */
  now(): number;
  draft(): Draft;
  opaqueToken(claims: string): string;
  /** Whether this target can be asked so. */
  takes(presented: Presented): boolean;
  ask(presented: Presented): Promise<Verdict>;
}

export interface Verdict {
  /** `undefined` for what stands in no table. */
  readonly outcome: Outcome | undefined;
  /** The answer in full, for what stands in no table. */
  readonly text: string;
}

export interface GoodRequest {
  readonly desk: IssuerDesk;
  readonly resource: string;
  readonly now: () => number;
  readonly scopeClaim?: string;
  readonly opaque?: boolean;
  /** Whose key the token is bound to. */
  readonly client?: Signer;
  readonly nonce?: string | undefined;
  /** What the token is bound to otherwise. */
  readonly cnf?: Readonly<Record<string, string>>;
  readonly headers?: Draft['headers'];
}

export function goodDraft(good: GoodRequest): Draft {
  const { desk, resource, now, scopeClaim = 'scope', opaque = false, client, nonce, headers = [] } = good;
  const seconds = Math.floor(now() / 1000);
  const cnf = client ? { jkt: client.thumbprint } : good.cnf;
  const claims = members({
    ...{ iss: desk.issuer, aud: resource, sub: 'alice', client_id: 'a-client', jti: crypto.randomUUID() },
    ...{ iat: seconds, exp: seconds + 300, [scopeClaim]: 'read:todos write:todos', ...(cnf && { cnf }) },
  });
  const header = members({ typ: 'at+jwt', alg: desk.signer.alg, kid: desk.signer.kid });
  return {
    method: 'GET',
    url: '/api/todos',
    scheme: client ? 'DPoP' : 'Bearer',
    token: { header, claims, signer: desk.signer },
    opaque,
    ...(client && { proof: { ...proofOf(client, `${resource}/todos`, seconds, nonce), signer: client } }),
    ath: true,
    headers: [...headers],
  };
}

function proofOf(
  { alg, publicJwk }: Signer,
  htu: string,
  iat: number,
  nonce?: string,
): { header: Members; claims: Members } {
  return {
    header: members({ typ: 'dpop+jwt', alg, jwk: publicJwk }),
    claims: members({ jti: crypto.randomUUID(), htm: 'GET', htu, iat, ...(nonce !== undefined && { nonce }) }),
  };
}

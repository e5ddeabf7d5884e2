import { hash } from 'node:crypto';
import type { Signer } from './signer.ts';

/** The members of a JSON object, each as JSON text: so they can be what no serialiser writes. */
export type Members = Map<string, string>;

/** A JWS before it is written. */
export interface JwsDraft {
  readonly header: Members;
  readonly claims: Members;
  /** In place of the members. */
  headerText?: string;
  claimsText?: string;
  signer: Signer;
  /** In place of the signature: the text of the last part. */
  signature?: (input: string, good: Buffer) => string;
}

/** A request with credentials, before it is written: everything in it can be changed, and is then signed as it is. */
export interface Draft {
  method: string;
  url: string;
  scheme: string;
  /** In place of scheme and token. */
  authorization?: string;
  readonly token: JwsDraft;
  /** Looked up by its issuer, and not signed. */
  readonly opaque: boolean;
  readonly proof?: JwsDraft;
  /** Of the access token in the proof (RFC 9449, section 4.2), unless the proof says something else. */
  ath: boolean;
  /** Further headers. */
  headers: (readonly [name: string, value: string])[];
}

/** A request as it is sent. */
export interface Presented {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** @param opaqueToken makes the issuer know these claims, and gives the token that stands for them */
export function present(draft: Draft, opaqueToken: (claims: string) => string): Presented {
  const { method, url, scheme, authorization, token, proof, opaque, ath, headers } = draft;
  const accessToken = opaque ? opaqueToken(claimsOf(token)) : written(token);
  if (proof && ath && !proof.claims.has('ath'))
    proof.claims.set('ath', JSON.stringify(hash('sha256', accessToken, 'base64url')));
  return {
    method,
    url,
    headers: [
      ['Host', 'api.example'],
      ['Authorization', authorization ?? `${scheme} ${accessToken}`],
      ...(proof ? [['DPoP', written(proof)] as const] : []),
      ...headers,
    ],
  };
}

export function members(values: Readonly<Record<string, unknown>>): Members {
  return new Map(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

export function encoded(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url');
}

function written(draft: JwsDraft): string {
  const { header, headerText = textOf(header), signer, signature } = draft;
  const input = `${encoded(headerText)}.${encoded(claimsOf(draft))}`;
  const good = signer.sign(input);
  return `${input}.${signature ? signature(input, good) : encoded(good)}`;
}

function claimsOf({ claims, claimsText }: JwsDraft): string {
  return claimsText ?? textOf(claims);
}

function textOf(of: Members): string {
  return `{${[...of].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

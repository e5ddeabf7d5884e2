import type { Awaitable } from '../awaitable.ts';
import { checkDpopProof, type DpopOptions } from '../dpop/dpop-proof.ts';
import { createDpopNonces, type DpopNonces } from '../dpop/nonces.ts';
import { normalizedTarget } from '../dpop/target-url.ts';
import { type CertificateSource, checkCertificateBinding } from '../mtls/certificate-binding.ts';
import {
  invalidProof,
  invalidRequest,
  invalidToken,
  nonceRequired,
  type Refusal,
  verificationUnavailable,
} from '../refusal/refusals.ts';
import { createMemoryReplayStore } from '../replay/memory-replay-store.ts';
import type { ReplayStore } from '../replay/replay-store.ts';
import type { Credentials } from '../request/credentials.ts';
import { headerValues, type RequestFacts } from '../request/request-facts.ts';
import { type AsymmetricAlgorithm, asymmetricAlgorithms } from '../verification/issuer-options.ts';
import type { Principal } from '../verification/principal.ts';

/** RFC 9449, for this API. */
export interface DpopSettings {
  /** Refuses tokens that are bound to no key. Default false. */
  readonly required?: boolean;
  /** Where presented proofs are remembered. Default: in memory, which is enough for one process. */
  readonly replays?: ReplayStore;
  /** Asks for a nonce of this server's in each proof (section 9): proofs cannot be made in advance. Off without it. */
  readonly nonces?: { readonly secret?: Uint8Array; readonly windowSeconds?: number };
  /** Default 60. */
  readonly proofMaxAgeSeconds?: number;
}

/** A refusal when the token is bound to something that the caller has not shown. */
export type PossessionCheck = (
  request: RequestFacts,
  credentials: Credentials,
  principal: Principal,
) => Awaitable<Refusal | undefined>;

/** As the resource server has them. */
interface Options {
  readonly resource: string;
  readonly publicUrl?: string;
  readonly algorithms?: readonly AsymmetricAlgorithm[];
  readonly clockToleranceSeconds?: number;
  readonly dpop?: false | DpopSettings;
  readonly mtls?: CertificateSource;
}

/** Signature algorithms of proofs; `undefined` where DPoP is off. */
export function dpopAlgorithmsOf({ dpop, algorithms = asymmetricAlgorithms }: Options): readonly string[] | undefined {
  return dpop === false ? undefined : algorithms;
}

/**
 * RFC 7800: what the token is bound to (`cnf`), and whether the caller has it.
 *
 * - bound to a key: presented with the scheme DPoP and a proof; with the scheme Bearer it is a stolen one (RFC 9449, 7.1)
 * - bound to a certificate: the connection's certificate is that one (RFC 8705, section 3)
 * - bound to anything else: refused, since nobody checks it
 * - bound to nothing: presented with the scheme Bearer, unless only bound ones are taken
 */
export function createPossessionCheck(options: Options, now: () => number): PossessionCheck {
  const { mtls } = options;
  const dpop = options.dpop === false ? undefined : (options.dpop ?? {});
  const checkProof = dpop && proofCheck(options, dpop, now);

  return function checkPossession(request, { scheme, token }, { claims: { cnf } }) {
    const confirmation = confirmationOf(cnf);
    if (!confirmation) return invalidToken('bound to something that is not checked here');
    const { jkt, thumbprint } = confirmation;
    if (jkt === undefined && scheme === 'dpop') return invalidToken('not bound to a key, but presented with a proof');
    if (jkt !== undefined && scheme === 'bearer')
      return invalidToken('bound to a key, but presented as a bearer token');
    if (jkt === undefined && dpop?.required) return invalidToken('not bound to a key');
    if (thumbprint !== undefined) {
      const shown = mtls && checkCertificateBinding(request, mtls, thumbprint);
      if (!shown?.ok) return invalidToken(shown?.failed ?? 'bound to a certificate, and none is read here');
    }
    return jkt === undefined ? undefined : checkProof?.(request, token, jkt);
  };
}

function proofCheck(options: Options, settings: DpopSettings, now: () => number) {
  const { publicUrl = new URL(options.resource).origin, clockToleranceSeconds } = options;
  const { nonces, proofMaxAgeSeconds } = settings;
  const base = normalizedTarget(publicUrl)?.replace(/\/$/, '') ?? '';
  const issued = nonces && createDpopNonces({ ...nonces, now });
  const checked: DpopOptions = {
    algorithms: dpopAlgorithmsOf(options) ?? [],
    replays: settings.replays ?? createMemoryReplayStore({ now }),
    nonces: issued,
    proofMaxAgeSeconds,
    clockToleranceSeconds,
    now,
  };
  return async (request: RequestFacts, accessToken: string, thumbprint: string): Promise<Refusal | undefined> => {
    const proofs = headerValues(request, 'dpop');
    if (proofs.length !== 1 || proofs[0]?.includes(',')) return invalidRequest('Exactly one DPoP header is expected');
    const { method = 'GET', url: path = '/' } = request;
    const url = base + path;
    // NOTE: `GET x://other/ HTTP/1.1` must not become the address of somebody else, nor `/../` one outside of ours.
    if (!path.startsWith('/') || !normalizedTarget(url)?.startsWith(`${base}/`)) return invalidProof('another address');
    const expected = { method, url, accessToken, thumbprint };
    try {
      const proof = await checkDpopProof(proofs, expected, checked);
      return proof.ok ? undefined : refusalOf(proof, issued);
    } catch (error) {
      // NOTE: while nobody can tell whether a proof was presented before, none is good.
      return verificationUnavailable(1, error);
    }
  };
}

function refusalOf({ failed, nonceRequired: outdated, cause }: ProofRefusal, nonces: DpopNonces | undefined): Refusal {
  const reason = cause instanceof Error ? `${failed}: ${cause.message}` : failed;
  return outdated && nonces ? nonceRequired(nonces.issue(), reason) : invalidProof(reason);
}

type ProofRefusal = Exclude<Awaited<ReturnType<typeof checkDpopProof>>, { readonly ok: true }>;

/** `undefined` for a form that is not known, or that has further members. */
function confirmationOf(cnf: unknown): { readonly jkt?: string; readonly thumbprint?: string } | undefined {
  if (cnf === undefined) return {};
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) return undefined;
  const { jkt, 'x5t#S256': thumbprint, ...others } = cnf as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length > 0) return undefined;
  const known = { ...(jkt !== undefined && { jkt }), ...(thumbprint !== undefined && { thumbprint }) };
  const values = Object.values(known);
  if (values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')) return undefined;
  return known as { readonly jkt?: string; readonly thumbprint?: string };
}

import type { Refusal } from './refusals.ts';

export interface ChallengeContext {
  readonly realm: string;
  /** RFC 9728, section 5.1: where the caller learns which authorization server to ask. */
  readonly metadataUrl: string;
  /** Every scope that the route needs. */
  readonly scopes: readonly string[];
  /** Signature algorithms of DPoP proofs (RFC 9449, section 7.1); `undefined` where the scheme is not in use. */
  readonly dpopAlgorithms?: readonly string[] | undefined;
  /** Whether bearer tokens are taken. */
  readonly bearer: boolean;
}

/**
 * RFC 9110, section 11.6.1: a challenge for each scheme in use, the bearer one first. The error stands in the challenge
 * of the scheme that the caller has used, since a client reads there what it did wrong.
 */
export function challengesOf(refusal: Refusal, context: ChallengeContext): string {
  const { dpopAlgorithms, bearer } = context;
  const inDpop = !bearer || (dpopAlgorithms !== undefined && refusal.scheme === 'dpop');
  return [
    ...(bearer ? [challenge('Bearer', common(context), inDpop ? {} : errorOf(refusal))] : []),
    ...(dpopAlgorithms
      ? [
          challenge(
            'DPoP',
            { ...(bearer ? {} : common(context)), algs: dpopAlgorithms.join(' ') },
            inDpop ? errorOf(refusal) : {},
          ),
        ]
      : []),
  ].join(', ');
}

function common({ realm, scopes, metadataUrl }: ChallengeContext): Record<string, string> {
  return { realm, ...(scopes.length > 0 && { scope: scopes.join(' ') }), resource_metadata: metadataUrl };
}

function errorOf({ challenge: form, error, error_description, parameters }: Refusal): Record<string, string> {
  return { ...(form === 'full' && { error, error_description }), ...parameters };
}

function challenge(scheme: string, ...parameters: readonly Record<string, string>[]): string {
  const pairs = parameters
    .flatMap((each) => Object.entries(each))
    .map(([name, value]) => `${name}="${quotable(value)}"`);
  return `${scheme} ${pairs.join(', ')}`;
}

/** RFC 6750, section 3: what may stand between the quotes. An app's own words for a refusal may have anything in them. */
function quotable(value: string): string {
  return value.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7E]/g, '?');
}

import type { Refusal } from './refusals.ts';

export interface ChallengeContext {
  readonly realm: string;
  /** RFC 9728, section 5.1: where the caller learns which authorization server to ask. */
  readonly metadataUrl: string;
  /** Every scope that the route needs. */
  readonly scopes: readonly string[];
}

/** A refusal as it goes over the wire, whatever framework sends it. The body is JSON. */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: string; readonly error_description: string };
}

export function answerRefusal(refusal: Refusal, context: ChallengeContext): RefusalAnswer {
  const { status, error, error_description, challenge, retryAfterSeconds } = refusal;
  return {
    status,
    headers: {
      'Cache-Control': 'no-store',
      ...(challenge !== 'none' && { 'WWW-Authenticate': bearerChallenge(refusal, context) }),
      ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    },
    body: { error, error_description },
  };
}

/** RFC 6750, section 3: the challenge of a refused request. */
function bearerChallenge(refusal: Refusal, { realm, metadataUrl, scopes }: ChallengeContext): string {
  const { error, error_description } = refusal;
  const parameters = {
    realm,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    resource_metadata: metadataUrl,
    ...(refusal.challenge === 'full' && { error, error_description }),
    ...refusal.parameters,
  };
  // NOTE: nothing here needs escaping. Realm and scopes are checked when they are declared, the rest is ours.
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  return `Bearer ${pairs.join(', ')}`;
}

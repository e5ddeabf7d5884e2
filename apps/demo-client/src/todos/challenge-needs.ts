/** What a new authorization must bring, as a challenge says it. */
export interface ChallengeNeeds {
  /** RFC 6750, section 3: all scopes that the route needs, with spaces between them. */
  readonly scope?: string;
  /** RFC 9470: seconds since the sign-in. */
  readonly maxAge?: string;
  readonly acrValues?: string;
}

/** Undefined where nothing that a person could allow or do would help. */
export function challengeNeeds(challenge: string): ChallengeNeeds | undefined {
  const parameter = (name: string) => new RegExp(`(?:^|[\\s,])${name}="([^"]*)"`, 'i').exec(challenge)?.[1];
  const error = parameter('error');
  const [scope, maxAge, acrValues] = ['scope', 'max_age', 'acr_values'].map(parameter);
  if (error === 'insufficient_scope' && scope) return { scope };
  if (error !== 'insufficient_user_authentication') return undefined;
  return { ...(maxAge && { maxAge }), ...(acrValues && { acrValues }), ...(scope && { scope }) };
}

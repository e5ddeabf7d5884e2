/** In the order in which they run. */
export const trialNames = ['codes', 'refresh', 'reuse', 'grace', 'revoke', 'other-client', 'par', 'dpop'] as const;

export type TrialName = (typeof trialNames)[number];

export function isTrialName(name: string): name is TrialName {
  return (trialNames as readonly string[]).includes(name);
}

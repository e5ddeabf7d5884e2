/** A secret as it may stand in a report: enough to tell two apart, too little to use. */
export function shortened(secret: string): string {
  return secret.length < 24 ? `${secret.slice(0, 2)}…` : `${secret.slice(0, 4)}…${secret.slice(-4)}`;
}

import type { Keyring } from '../keys/keyring.ts';

/** Names a grant in a token that others can read: only this server can tell which grant it is. */
export interface GrantReferences {
  sealed(grantId: string): string;
  /** @returns undefined for what this server did not seal */
  opened(reference: unknown): string | undefined;
}

export function createGrantReferences(keyring: Keyring): GrantReferences {
  return {
    sealed: (grantId) => keyring.seal('grant-reference', 'grant', grantId),
    opened(reference) {
      if (typeof reference !== 'string') return undefined;
      try {
        return keyring.open('grant-reference', 'grant', reference);
      } catch {
        return undefined;
      }
    },
  };
}

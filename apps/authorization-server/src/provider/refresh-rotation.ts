import type { Keyring } from '../keys/keyring.ts';
import type { Artifacts, StoredArtifact } from '../storage/artifacts.ts';

/*
 * Every refresh rotates the refresh token (RFC 9700, section 4.14.2). Clients refresh in parallel, and answers get lost,
 * so for a short time the spent token may be presented again: as long as its successor is unused it leads to the *same*
 * successor, whose value is derived rather than drawn. One line, never a fork. Anything later is reuse.
 */

export interface RefreshRotation {
  /** The value of the token that follows. Only who holds the key can tell. */
  successorId(id: string): string;
  /** The token as the engine should see it: unspent while it may be presented again. */
  view(id: string, stored: StoredArtifact): Promise<StoredArtifact>;
  /** Spends a token. `again`: within the grace; `reused`: the family must fall. */
  spend(id: string): Promise<'first' | 'again' | 'reused'>;
}

const model = 'RefreshToken';

/** @param graceSeconds 0 turns the grace off */
export function createRefreshRotation(artifacts: Artifacts, keyring: Keyring, graceSeconds: number): RefreshRotation {
  const successorId = (id: string) => keyring.digest('refresh-successor', id);

  const mayBePresentedAgain = async (id: string, consumedAt: number): Promise<boolean> => {
    if (consumedAt <= Date.now() - graceSeconds * 1000) return false;
    const successor = await artifacts.find(model, successorId(id));
    return successor?.consumedAt === undefined;
  };

  return {
    successorId,
    async view(id, stored) {
      if (stored.consumedAt === undefined) return stored;
      const again = await mayBePresentedAgain(id, stored.consumedAt);
      return again ? { ...stored, consumedAt: undefined } : stored;
    },
    async spend(id) {
      if (await artifacts.consume(model, id)) return 'first';
      const stored = await artifacts.find(model, id);
      if (stored?.consumedAt === undefined) return 'reused';
      return (await mayBePresentedAgain(id, stored.consumedAt)) ? 'again' : 'reused';
    },
  };
}

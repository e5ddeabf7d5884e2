import type { Keyring } from '../keys/keyring.ts';
import type { Artifacts, StoredArtifact } from '../storage/artifacts.ts';

/*
 * Every refresh rotates the refresh token (RFC 9700, section 4.14.2). Clients refresh in parallel, and answers get lost,
 * so for a short time the spent token may be presented again: as long as its successor is unused it leads to the *same*
 * successor, whose value is derived rather than drawn. One line, never a fork. Anything later is reuse, and so is a spent
 * token in other hands. What a token was spent with is kept with it; docs/refresh-tokens.md has the whole table.
 */

/** By whom a refresh token is presented, and what for. */
export interface Presentation {
  readonly clientId: string;
  /** Thumbprint of the DPoP key, if there is one (RFC 9449). */
  readonly jkt: string | undefined;
  readonly scope: readonly string[];
  readonly resource: readonly string[];
}

/**
 * `again`: as it was spent, within the grace. `differs`: by the same client and key, within the grace, but asking for
 * something else. `reused`: the family must fall.
 */
export type Standing = 'unspent' | 'again' | 'differs' | 'reused';

export interface RefreshRotation {
  /** The value of the token that follows. Only who holds the key can tell. */
  successorId(id: string): string;
  judge(id: string, stored: StoredArtifact, presented: Presentation): Promise<Standing>;
  /** Spends a token. `first`: it was unspent; `gone`: it was revoked meanwhile. */
  spend(id: string, presented: Presentation): Promise<'first' | 'gone' | Standing>;
}

const model = 'RefreshToken';

/** @param graceSeconds 0 turns the grace off */
export function createRefreshRotation(artifacts: Artifacts, keyring: Keyring, graceSeconds: number): RefreshRotation {
  const successorId = (id: string) => keyring.digest('refresh-successor', id);

  const digestsOf = ({ clientId, jkt = '', scope, resource }: Presentation) => ({
    holder: keyring.digest('artifact-lookup', 'refresh-holder', clientId, jkt),
    request: keyring.digest('artifact-lookup', 'refresh-request', sorted(scope).join(' '), ...sorted(resource)),
  });

  const mayBePresentedAgain = async (id: string, consumedAt: number): Promise<boolean> => {
    if (consumedAt <= Date.now() - graceSeconds * 1000) return false;
    const successor = await artifacts.find(model, successorId(id));
    return successor?.consumedAt === undefined;
  };

  const judge: RefreshRotation['judge'] = async (id, { consumedAt, spentWith }, presented) => {
    if (consumedAt === undefined) return 'unspent';
    const { holder, request } = digestsOf(presented);
    const [spentBy, spentFor] = (spentWith ?? '').split('.');
    if (holder !== spentBy) return 'reused';
    if (!(await mayBePresentedAgain(id, consumedAt))) return 'reused';
    return request === spentFor ? 'again' : 'differs';
  };

  return {
    successorId,
    judge,
    async spend(id, presented) {
      const { holder, request } = digestsOf(presented);
      if (await artifacts.consume(model, id, `${holder}.${request}`)) return 'first';
      const stored = await artifacts.find(model, id);
      return stored ? judge(id, stored, presented) : 'gone';
    },
  };
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

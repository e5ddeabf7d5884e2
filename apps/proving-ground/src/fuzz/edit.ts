import type { Outcome } from './answers.ts';
import type { Draft } from './draft.ts';
import type { Random } from './random.ts';
import type { Signer } from './signer.ts';

/** Whom a draft is made for. */
export interface EditContext {
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly issuer: string;
  readonly resource: string;
  /** Whether a JWT of this issuer may be of an older kind: `typ`, `iat` and `jti` may be absent. */
  readonly lax: boolean;
  /** Where the scopes are. */
  readonly scopeClaim: string;
  /** Somebody's who is not the issuer, nor the client. */
  readonly stranger: Signer;
  readonly mode: 'required' | 'optional';
}

/** One thing that is wrong with a request, and the only answers that it may then get. */
export interface Edit {
  readonly name: string;
  readonly meets: readonly Outcome[];
  readonly fits?: (draft: Draft, context: EditContext) => boolean;
  apply(draft: Draft, context: EditContext): void;
}

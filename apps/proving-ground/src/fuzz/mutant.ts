import type { Outcome } from './answers.ts';
import { claimEdits } from './claim-edits.ts';
import { type Draft, type Presented, present } from './draft.ts';
import type { Edit, EditContext } from './edit.ts';
import { proofJwsEdits, tokenJwsEdits } from './header-edits.ts';
import { proofEdits } from './proof-edits.ts';
import type { Random } from './random.ts';
import { requestEdits } from './request-edits.ts';
import type { Target } from './target.ts';
import { withTextEdit } from './text-edits.ts';

/** A request and the only answers that it may get. */
export interface Mutant {
  /** What was done to a good one. */
  readonly edit: string;
  readonly presented: Presented;
  readonly meets: readonly Outcome[];
  /** The same request comes twice, and the second time counts. */
  readonly twice: boolean;
}

const families: readonly (readonly Edit[])[] = [claimEdits, tokenJwsEdits, requestEdits, proofJwsEdits, proofEdits];

/** What is signed as it is: no letter that changes afterwards can make it good again, as it could a turned bit. */
const lasting: ReadonlySet<Edit> = new Set([...claimEdits, ...proofEdits]);

/**
 * A good request, changed: in what it says and is signed for (most), in its letters, or in both. Now and then it is left
 * as it is, or comes twice: a test that lets nobody in shows nothing.
 */
export function mutantFor(target: Target, random: Random): Mutant {
  const context = { ...target.context, random, now: target.now() };
  const draft = target.draft();
  const dice = random.next();
  if (dice < 0.02) return finished('nothing', draft, target, ['accepted'], false);
  if (dice < 0.04 && draft.proof) return finished('a proof that was there before', draft, target, ['proof'], true);
  if (dice < 0.35) return changedText('', draft, target, ['accepted'], random);
  const edit = editFor(draft, context);
  edit.apply(draft, context);
  const meets = edit.meets.map((outcome) =>
    outcome === 'none' && context.mode === 'optional' ? 'anonymous' : outcome,
  );
  if (dice < 0.85 || !lasting.has(edit)) return finished(edit.name, draft, target, meets, false);
  return changedText(`${edit.name}; `, draft, target, meets, random);
}

function editFor(draft: Draft, context: EditContext): Edit {
  const fitting = (edits: readonly Edit[]) => edits.filter(({ fits }) => fits?.(draft, context) ?? true);
  const possible = families.map(fitting).filter((edits) => edits.length > 0);
  return context.random.pick(context.random.pick(possible));
}

function finished(edit: string, draft: Draft, target: Target, meets: readonly Outcome[], twice: boolean): Mutant {
  return { edit, presented: present(draft, target.opaqueToken), meets, twice };
}

function changedText(done: string, draft: Draft, target: Target, before: readonly Outcome[], random: Random): Mutant {
  const good = present(draft, target.opaqueToken);
  const { presented, by } = withTextEdit(good, random);
  const ofProof = by.startsWith('text of dpop');
  const changed = meaningOf(presented) !== meaningOf(good);
  const none = target.context.mode === 'optional' ? 'anonymous' : 'none';
  // NOTE: blanks around a proof are taken away by HTTP, not by the core: there they make it a bad one.
  const byText: readonly Outcome[] = ofProof ? ['proof', 'malformed'] : [none, 'malformed', 'invalid'];
  if (!changed) return { edit: done + by, presented, meets: ofProof ? [...before, 'proof'] : before, twice: false };
  const stillBad = before.filter((outcome) => outcome !== 'accepted');
  return { edit: done + by, presented, meets: [...stillBad, ...byText], twice: false };
}

/** What does not matter in a request is not in it: letters of scheme and header names, blanks around values. */
function meaningOf({ method, url, headers }: Presented): string {
  const values = headers.map(([name, value]) => {
    const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, '');
    if (name.toLowerCase() !== 'authorization') return [name.toLowerCase(), trimmed];
    const [scheme = '', ...rest] = trimmed.split(/[ \t]+/);
    return [scheme.toLowerCase(), ...rest];
  });
  return JSON.stringify([method, url, values]);
}

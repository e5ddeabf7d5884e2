import { createCoreTargets } from '../fuzz/core-targets.ts';
import { startHttpTargets } from '../fuzz/http-targets.ts';
import { type Mutant, mutantFor } from '../fuzz/mutant.ts';
import { type Random, randomOf } from '../fuzz/random.ts';
import type { Target, Verdict } from '../fuzz/target.ts';

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Which part of them goes over HTTP to a todos API in a process of its own; the others meet the core itself. */
  readonly httpShare?: number;
  readonly onProgress?: (done: number) => void;
}

export interface FuzzReport {
  readonly count: number;
  readonly seed: number;
  readonly seconds: number;
  /** How many mutants of each target met what. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Kinds of changes, those of text after others not counted apart. */
  readonly edits: number;
  /** The first of what should not have been. */
  readonly findings: readonly Finding[];
  readonly findingsInAll: number;
}

export interface Finding {
  /** With the seed it makes the mutant again. */
  readonly index: number;
  readonly target: string;
  readonly edit: string;
  readonly expected: string;
  readonly got: string;
  readonly request: string;
}

const sideBySide = 64;
const shown = 20;

/**
 * Broken credentials, tokens and proofs by the million. None passes that is not as good as the one it was made of, none
 * makes an error, and whatever is wrong, the answer is one of the table's, letter by letter.
 */
export async function runFuzzTrial({ count, seed, httpShare = 0.05, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const began = performance.now();
  const core = await createCoreTargets();
  await using http = await startHttpTargets();
  const outcomes: Record<string, Record<string, number>> = {};
  const edits = new Set<string>();
  const findings: Finding[] = [];
  let findingsInAll = 0;

  function made(random: Random, overHttp: boolean): { readonly target: Target; readonly mutant: Mutant } {
    const target = random.pick(overHttp ? http.targets : core);
    const mutant = mutantFor(target, random);
    return target.takes(mutant.presented) ? { target, mutant } : made(random, false);
  }

  async function meet(index: number): Promise<void> {
    const random = randomOf(seed, index);
    const { target, mutant } = made(random, random.chance(httpShare));
    const verdict = await answerTo(mutant, target);
    const name = verdict.outcome ?? 'in no table';
    const counts = outcomes[target.name] ?? {};
    outcomes[target.name] = { ...counts, [name]: (counts[name] ?? 0) + 1 };
    edits.add(mutant.edit.replace(/; .*/, ''));
    if (verdict.outcome && [...mutant.meets, 'not HTTP'].includes(verdict.outcome)) return;
    findingsInAll += 1;
    if (findings.length < shown) findings.push(findingOf(index, target, mutant, verdict));
  }

  for (let done = 0; done < count; done += sideBySide) {
    await Promise.all(Array.from({ length: Math.min(sideBySide, count - done) }, (_, offset) => meet(done + offset)));
    if (done % (sideBySide * 1_000) === 0) onProgress?.(done);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  return { count, seed, seconds, outcomes, edits: edits.size, findings, findingsInAll };
}

async function answerTo({ presented, twice }: Mutant, target: Target): Promise<Verdict> {
  try {
    if (twice) await target.ask(presented);
    return await target.ask(presented);
  } catch (error) {
    return { outcome: undefined, text: `thrown: ${error instanceof Error ? error.stack : error}` };
  }
}

function findingOf(index: number, { name }: Target, { edit, meets, presented }: Mutant, verdict: Verdict): Finding {
  return {
    index,
    target: name,
    edit,
    expected: meets.join(' or '),
    got: verdict.outcome ?? verdict.text,
    request: JSON.stringify(presented).slice(0, 3_000),
  };
}

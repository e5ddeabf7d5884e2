import type { Asked, Rival } from '../contenders/contender.ts';
import type { Lane, Scenario, Step } from '../scenarios/scenario.ts';
import { openConnection } from './connection.ts';

export interface Measurement {
  /** Units of work each second: answers, or whole flows where the scenario is one. */
  readonly perSecond: number;
  /** What one unit took of the server's core, in seconds; undefined where the system does not tell. */
  readonly cpuPerUnit: number | undefined;
  /** When the timed part began and ended, in nanoseconds of the machine's monotonic clock. */
  readonly began: bigint;
  readonly ended: bigint;
}

/** An answer was not what the scenario expects: whatever was measured then is no measurement. */
export class UnexpectedAnswers extends Error {
  constructor(contender: string, scenario: string, errors: number, units: number, first: unknown) {
    const reason = first instanceof Error ? first.message : String(first);
    super(`${contender}, ${scenario}: ${errors} unexpected, ${units} as expected. The first: ${reason}`);
    this.name = 'UnexpectedAnswers';
  }
}

/** Every lane works in a closed loop: it asks again as soon as it has its answer. */
export async function measure<Server extends Asked, Guest>(
  contender: Rival<Server, Guest>,
  scenario: Scenario<Server, Guest>,
  seconds: number,
): Promise<Measurement> {
  using opened = new DisposableStack();
  const lanes: Lane<Guest>[] = [];
  // NOTE: for each turn anew, since servers close connections that rest while others have theirs.
  for (const visitor of contender.visitors) {
    lanes.push({ visitor, connection: opened.use(await openConnection(contender.server.port)) });
  }
  const step = await scenario.prepare({ server: contender.server, lanes, seconds });
  const cpuBefore = contender.server.cpuSeconds();
  const began = process.hrtime.bigint();
  const { units, errors } = await runLanes(lanes, step, seconds);
  const ended = process.hrtime.bigint();
  const cpuAfter = contender.server.cpuSeconds();
  if (errors.length > 0 || units === 0) {
    throw new UnexpectedAnswers(contender.name, scenario.name, errors.length, units, errors[0] ?? 'no answer at all');
  }
  const cpuPerUnit = cpuBefore === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpuBefore) / units;
  return { perSecond: (units * 1e9) / Number(ended - began), cpuPerUnit, began, ended };
}

/** Works until the time or the work has run out. A lane that meets an error stops. */
export async function runLanes<Guest>(lanes: readonly Lane<Guest>[], step: Step<Guest>, seconds: number) {
  const errors: unknown[] = [];
  let units = 0;
  const end = performance.now() + seconds * 1000;
  const work = async (lane: Lane<Guest>) => {
    try {
      while (performance.now() < end && (await step(lane))) units += 1;
    } catch (error) {
      errors.push(error);
    }
  };
  await Promise.all(lanes.map(work));
  return { units, errors };
}

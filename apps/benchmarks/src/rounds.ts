import type { Asked, Rival, Visitor } from './contenders/contender.ts';
import type { RunningServer } from './contenders/running-server.ts';
import { type Measurement, measure } from './load/measurement.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** One measurement for each round that counts. */
export type Series<Server extends Asked = RunningServer, Guest = Visitor> = ReadonlyMap<
  Scenario<Server, Guest>,
  ReadonlyMap<Rival<Server, Guest>, readonly Measurement[]>
>;

export interface RoundsOptions<Server extends Asked, Guest> {
  readonly contenders: readonly Rival<Server, Guest>[];
  readonly scenarios: readonly Scenario<Server, Guest>[];
  readonly rounds: number;
  readonly seconds: number;
  /** Told of each measurement before it begins. */
  readonly onMeasure: (round: number, scenario: Scenario<Server, Guest>, contender: Rival<Server, Guest>) => void;
}

/**
 * All contenders take turns within a scenario, and scenarios within a round: whatever else the machine does meets all of
 * them alike. Every other round goes the other way round. The first round warms up and does not count.
 */
export async function runRounds<Server extends Asked, Guest>({
  contenders,
  scenarios,
  rounds,
  seconds,
  onMeasure,
}: RoundsOptions<Server, Guest>): Promise<Series<Server, Guest>> {
  const series = new Map(scenarios.map((one) => [one, new Map(contenders.map((each) => [each, [] as Measurement[]]))]));
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const scenario of scenarios) {
      for (const contender of order) {
        onMeasure(round, scenario, contender);
        const measurement = await measure(contender, scenario, seconds);
        if (round > 0) series.get(scenario)?.get(contender)?.push(measurement);
      }
    }
  }
  return series;
}

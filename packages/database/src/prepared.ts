import type { Compilable, CompiledQuery, QueryResult } from 'kysely';

export type Parameters = Readonly<Record<string, string | number | null>>;

export interface PreparedResult<Row> {
  readonly rows: readonly Row[];
  /** Rows written. */
  readonly changed: number;
}

export type Prepared<Values extends Parameters, Row> = (values: Values) => Promise<PreparedResult<Row>>;

/**
 * A statement for a hot path: built and compiled once, then run with other values each time. `build` gets a stand-in
 * for each value and must use it as it is; whatever else is in the statement stays the same for ever.
 */
export type Prepare = <Values extends Parameters, Row = never>(
  build: (values: Values) => Compilable<Row>,
) => Prepared<Values, Row>;

type Run = (sql: string, parameters: readonly unknown[]) => Promise<QueryResult<unknown>>;

export function createPrepare(run: Run): Prepare {
  return <Values extends Parameters, Row>(build: (values: Values) => Compilable<Row>) => {
    let compiled: CompiledQuery | undefined;
    return async (values: Values) => {
      compiled ??= build(standIns<Values>()).compile();
      const { sql, parameters } = compiled;
      const { rows, numAffectedRows = 0n } = await run(
        sql,
        parameters.map((one) => valueFor(one, values)),
      );
      return { rows: rows as Row[], changed: Number(numAffectedRows) };
    };
  };
}

interface StandIn {
  readonly standsInFor: string;
}

function standIns<Values extends Parameters>(): Values {
  return new Proxy({} as Values, {
    get: (_, name): StandIn => ({ standsInFor: String(name) }),
    ownKeys() {
      throw new TypeError('name each value: stand-ins cannot be listed');
    },
  });
}

function valueFor(parameter: unknown, values: Parameters): unknown {
  if (typeof parameter !== 'object' || parameter === null) return parameter;
  return values[(parameter as StandIn).standsInFor];
}

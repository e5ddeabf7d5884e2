export interface Gate {
  /** How many are inside or wait. */
  readonly crowd: number;
  /** Runs when there is room. */
  through<Result>(run: () => Promise<Result>): Promise<Result>;
}

/** Lets only so many run at once, in the order in which they came. */
export function createGate(width: number): Gate {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    get crowd() {
      return inside + waiting.length;
    },
    async through(run) {
      if (inside < width) inside += 1;
      else await new Promise<void>((enter) => waiting.push(enter));
      try {
        return await run();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else inside -= 1;
      }
    },
  };
}

import { spawnSync } from 'node:child_process';

/** Which core serves and which one asks; undefined where this machine cannot tell processes where to run. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/**
 * One core for the server that is measured, another one for this process and whatever it starts besides. Without it the
 * two would take turns on both, and the load generator would be measured too.
 */
export function separateCores(): Cores | undefined {
  const asked = spawnSync('taskset', ['-c', '-p', `${process.pid}`], { encoding: 'utf8' });
  const cores = asked.status === 0 ? coresIn(asked.stdout.slice(asked.stdout.lastIndexOf(':') + 1)) : [];
  const [server, load] = [cores[0], cores.at(-1)];
  if (server === undefined || load === undefined || server === load) return undefined;
  const moved = spawnSync('taskset', ['-a', '-c', '-p', `${load}`, `${process.pid}`]);
  return moved.status === 0 ? { server, load } : undefined;
}

/** A list as Linux writes it: `0,2-3`. */
export function coresIn(list: string): number[] {
  return list
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}

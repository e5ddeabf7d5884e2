import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a script in several processes and lets them go at one moment, once all of them are ready. Gives what each
 * reported. The script speaks through `race`, next door.
 */
export async function raceProcesses<Outcome>(script: URL, argument: string, count = 2): Promise<Outcome[]> {
  const children = Array.from({ length: count }, () => fork(script, [argument], { execArgv: [], stdio: 'inherit' }));
  const exits = children.map((child) => once(child, 'exit'));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const outcomes = children.map(async (child) => {
      const [outcome] = await once(child, 'message');
      return outcome as Outcome;
    });
    for (const child of children) child.send('go');
    return await Promise.all(outcomes);
  } finally {
    for (const child of children) child.kill();
    await Promise.all(exits);
  }
}

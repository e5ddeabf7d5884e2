import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts programs of this folder, one for each task, and waits until all are ready to go. */
export async function startPrograms(name: string, tasks: readonly unknown[]): Promise<ChildProcess[]> {
  const program = new URL(`${name}-process.ts`, import.meta.url);
  const started = tasks.map((task) => fork(program, [JSON.stringify(task)], { execArgv: [] }));
  await Promise.all(started.map((one) => once(one, 'message')));
  return started;
}

/** Tells each of them the same, at once, and waits for their reports. */
export async function reports<Report>(programs: readonly ChildProcess[], order: string): Promise<Report[]> {
  const reported = programs.map((one) => once(one, 'message'));
  for (const one of programs) one.send(order);
  return (await Promise.all(reported)).map(([report]) => report as Report);
}

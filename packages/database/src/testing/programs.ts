import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts a program of this folder. */
export function forkProgram(name: string, task: unknown): ChildProcess {
  return fork(new URL(`${name}-process.ts`, import.meta.url), [JSON.stringify(task)], { execArgv: [] });
}

/** Starts programs, one for each task, and waits until all are ready to go. */
export async function startPrograms(name: string, tasks: readonly unknown[]): Promise<ChildProcess[]> {
  const started = tasks.map((task) => forkProgram(name, task));
  await Promise.all(started.map((one) => once(one, 'message')));
  return started;
}

/** Tells each of them the same, at once, and waits for their reports. */
export async function reports<Report>(programs: readonly ChildProcess[], order: string): Promise<Report[]> {
  const reported = programs.map((one) => once(one, 'message'));
  for (const one of programs) one.send(order);
  return (await Promise.all(reported)).map(([report]) => report as Report);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

/** A program that stops on signals by running `stop`, once it listens for them. */
async function startProgram(stop: string) {
  const source = `
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
    import { stopOnSignals } from ${JSON.stringify(import.meta.resolve('./stop-signals.ts'))};
    setInterval(() => {}, 60_000);
    stopOnSignals(createLogger('test', 'info'), ${stop});
    console.log('listening');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const says = async (text: string) => {
    while (!lines.some((line) => line.includes(text))) await once(reader, 'line');
  };
  await says('listening');
  return { child, ended, says };
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s lets the work be finished and ends with 0', async (signal) => {
  const program = await startProgram(`async () => { console.log('finished the work'); }`);
  program.child.kill(signal);
  await program.says('finished the work');
  expect(await program.ended).toEqual([0, null]);
});

test('a stop that fails ends with 1 and says why', async () => {
  const program = await startProgram(`async () => { throw new Error('the disk is full'); }`);
  program.child.kill('SIGTERM');
  await program.says('the disk is full');
  expect(await program.ended).toEqual([1, null]);
});

test('a second signal ends it at once', async () => {
  const program = await startProgram(`() => new Promise(() => console.log('working on'))`);
  program.child.kill('SIGINT');
  await program.says('working on');
  program.child.kill('SIGINT');
  expect(await program.ended).toEqual([1, null]);
});

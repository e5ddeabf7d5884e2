import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { freePort } from '@latchkey/database/testing';
import type { Cores } from './cores.ts';
import { discover, type RunningServer } from './running-server.ts';
import { startProcess } from './server-process.ts';

/** What the process of the bare server is told. */
export interface BareTask {
  readonly issuer: string;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
}

const program = fileURLToPath(import.meta.resolve('./bare-process.ts'));

/** oidc-provider as it comes, with a Map for a store: what ours is measured against. */
export async function startBare(cores: Cores | undefined): Promise<RunningServer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const client = { id: 'planner', secret: randomBytes(32).toString('base64url') };
  const task: BareTask = { issuer: origin, port, clientId: client.id, clientSecret: client.secret };
  const child = startProcess({
    command: [program, JSON.stringify(task)],
    environment: { NODE_ENV: 'production' },
    cores,
  });
  return {
    origin,
    port,
    host: `localhost:${port}`,
    client,
    person: { username: 'alice', password: '' },
    paths: await discover(origin, child.stillRuns),
    cpuSeconds: child.cpuSeconds,
    [Symbol.asyncDispose]: child.stop,
  };
}

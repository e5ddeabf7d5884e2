import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import type { Cores } from './cores.ts';
import {
  apiScope,
  discover,
  type RegisteredClient,
  type RunningServer,
  redirectUri,
  resource,
} from './running-server.ts';
import { type ServerProcess, startProcess } from './server-process.ts';
import { askForTokens, signIn } from './sign-in.ts';
import { fillArtifacts } from './stored-rows.ts';

export interface LatchkeyOptions {
  readonly cores: Cores | undefined;
  /** Undefined for SQLite. */
  readonly databaseUrl?: string | undefined;
  /** Grants that are in the database beforehand, each with a refresh token. SQLite only. */
  readonly stored?: number;
  /** Where the process leaves a `.cpuprofile` when it ends. */
  readonly profileFolder?: string | undefined;
}

const main = resolveFromRoot('apps/authorization-server/src/main.ts');
const cli = resolveFromRoot('apps/authorization-server/src/cli.ts');

/** Our server as an operator would run it, in a data folder of its own that is gone afterwards. */
export async function startLatchkey({
  cores,
  databaseUrl,
  stored = 0,
  profileFolder,
}: LatchkeyOptions): Promise<RunningServer> {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-bench-'));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const environment = {
    PORT: `${port}`,
    HOST: 'localhost',
    ISSUER: origin,
    DATA_DIR: folder.path,
    // NOTE: a line for each request would be measured too, and the bare server writes none.
    LOG_LEVEL: 'error',
    TODOS_API_RESOURCE: resource,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
  const profiling =
    profileFolder === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval', '400', '--cpu-prof-dir', profileFolder];
  let child: ServerProcess | undefined;
  const start = async () => {
    child = startProcess({ command: [...profiling, main], environment, cores });
    return discover(origin, child.stillRuns);
  };
  // NOTE: also when somebody has had enough and ends it all.
  process.once('exit', folder.remove);
  const stop = async () => {
    await child?.stop();
    folder.remove();
    process.off('exit', folder.remove);
  };

  try {
    const paths = await start();
    const person = { username: 'alice', password: randomBytes(16).toString('base64url') };
    const client = await addClientAndPerson(environment, person.password);
    const server: RunningServer = {
      origin,
      port,
      host: `localhost:${port}`,
      client,
      person,
      paths,
      cpuSeconds: () => child?.cpuSeconds(),
      [Symbol.asyncDispose]: stop,
    };
    if (stored > 0) {
      const { refreshToken } = await signIn(server);
      await askForTokens(server, { grant_type: 'refresh_token', refresh_token: refreshToken });
      await child?.stop();
      fillArtifacts(join(folder.path, 'authorization-server', 'latchkey.sqlite'), stored);
      await start();
    }
    return server;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** By the operator's own command line. */
async function addClientAndPerson(
  environment: Readonly<Record<string, string>>,
  password: string,
): Promise<RegisteredClient> {
  const run = async (...words: string[]) => {
    const env = { PATH: process.env.PATH, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...words, '--json'], { env });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'];
  const added = await run(
    ...['client', 'add', '--name', 'Planner', '--redirect-uri', redirectUri],
    ...['--scope', 'openid profile email offline_access read:todos write:todos'],
    ...grantTypes.flatMap((type) => ['--grant-type', type]),
  );
  await run(
    ...['user', 'add', '--username', 'alice', '--name', 'Alice', '--email', 'alice@example.com'],
    ...['--scope', `${apiScope} write:todos`, '--password', password],
  );
  return { id: String(added.client_id), secret: String(added.client_secret) };
}

/**
 * Real servers for trials: one or several processes on one database, behind one address. What is done to them belongs to
 * the trials.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type PostgresServer, startPostgres } from '@latchkey/database/testing';
import { type ClientIdentity, createTraffic, discover, type ServerMetadata } from '@latchkey/race-suite/wire';
import { resolveFromRoot } from '@latchkey/settings';
import { type FrontDoor, openFrontDoor } from './front-door.ts';
import { createReplica, type Replica } from './replica.ts';

export interface FleetOptions {
  readonly engine: 'sqlite' | 'postgres';
  readonly replicas: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Fleet extends AsyncDisposable {
  readonly issuer: string;
  readonly metadata: ServerMetadata;
  readonly replicas: readonly Replica[];
  /** What it has seen pass. */
  readonly door: Pick<FrontDoor, 'requests' | 'turnedAway'>;
  readonly postgres: PostgresServer | undefined;
  readonly databaseUrl: string | undefined;
  readonly databaseFile: string;
  readonly person: { readonly username: string; readonly password: string };
  readonly redirectUri: string;
  /** Runs `latchkey …`, and gives what it printed. */
  latchkey(...command: readonly string[]): Promise<Record<string, unknown>>;
  register(...more: readonly string[]): Promise<ClientIdentity>;
}

const program = resolveFromRoot('apps/authorization-server/src/cli.ts');
const redirectUri = 'https://app.example/callback';

export async function startFleet({ engine, replicas: count, environment = {} }: FleetOptions): Promise<Fleet> {
  const stack = new AsyncDisposableStack();
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-proving-'));
  stack.defer(() => folder.remove());
  const postgres = engine === 'postgres' ? stack.use(await startPostgres()) : undefined;
  const databaseUrl = await postgres?.createDatabase();
  const door = stack.use(await openFrontDoor());
  const issuer = `http://localhost:${door.port}`;
  const settings = {
    DATA_DIR: folder.path,
    ISSUER: issuer,
    LOG_LEVEL: 'warn',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...environment,
  };

  const replicas = await Promise.all(Array.from({ length: count }, () => createReplica(settings)));
  stack.defer(async () => void (await Promise.all(replicas.map((replica) => replica.stop()))));
  // NOTE: all at once, so that they race for the first key and the first table as well.
  await Promise.all(replicas.map((replica) => replica.start()));
  door.replicas = replicas.map(({ port }) => port);

  async function latchkey(...command: readonly string[]): Promise<Record<string, unknown>> {
    const child = spawn(process.execPath, [program, ...command, '--json'], {
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...settings },
    });
    const [printed, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (problems !== '') throw new Error(problems);
    return JSON.parse(printed) as Record<string, unknown>;
  }

  const person = { username: 'alice', password: randomBytes(16).toString('base64url') };
  const who = ['--username', person.username, '--email', 'alice@example.com', '--name', 'Alice'];
  await latchkey('user', 'add', ...who, '--password', person.password, '--scope', 'read:todos write:todos');

  const metadata = await discover(issuer, createTraffic());

  return {
    issuer,
    metadata,
    replicas,
    door,
    postgres,
    databaseUrl,
    databaseFile: join(folder.path, 'authorization-server', 'latchkey.sqlite'),
    person,
    redirectUri,
    latchkey,
    async register(...more) {
      const name = ['--name', 'Trial', '--redirect-uri', redirectUri];
      const { client_id, client_secret } = await latchkey('client', 'add', ...name, ...more);
      return { id: String(client_id), secret: String(client_secret), method: 'client_secret_basic' };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

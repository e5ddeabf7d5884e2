import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TemporaryDatabase, temporaryDatabase, testEngine } from '@latchkey/database/testing';
import { createLogger, listen } from '@latchkey/service';
import { createLocalJWKSet, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from 'jose';
import { type AuthorizationServer, createAuthorizationServer } from '../../apps/authorization-server/src/server.ts';
import { authorizationServerSettings, type Settings } from '../../apps/authorization-server/src/settings.ts';
import { openTables } from '../../apps/authorization-server/src/tables.ts';
import { seedDemo } from '../../db/seed.ts';
import { type App, createApp, type Metadata, type Registration } from './app.ts';
import { createPerson, type Person } from './person.ts';

/** The authorization server's resource identifier of the todos API: the audience of its tokens. */
export const todosApi = 'http://localhost:3001/api';

export interface Town extends AsyncDisposable {
  /** Also where the server is. */
  readonly issuer: string;
  /** What discovery says. */
  readonly metadata: Metadata;
  readonly server: AuthorizationServer;
  readonly settings: Settings;
  readonly dataDirectory: string;
  /** Registers an app as an operator would: confidential and allowed everything, unless the registration says less. */
  app(registration?: Registration): Promise<App>;
  /** The server's database, for what no door lets in. */
  database(): DatabaseSync;
  /** Somebody at a new browser. */
  person(username: string): Person;
  /** Checks a token's signature with the published keys, its issuer and its times. */
  verify(token: unknown, options?: JWTVerifyOptions): Promise<JWTVerifyResult<Claims>>;
}

interface Claims {
  readonly auth_time: number;
  readonly acr: string;
  readonly amr: string[];
  readonly client_id: string;
  readonly scope?: string;
  readonly nonce?: string;
  readonly sid?: string;
  readonly name?: string;
  readonly email?: string;
  readonly cnf?: { readonly jkt: string };
  readonly events?: Readonly<Record<string, unknown>>;
}

/**
 * The real server over real HTTP on a free port, with a data folder of its own, the demo people and the demo clients.
 * When it goes, it makes sure that no request of the story was answered with an error of the server's own.
 */
export async function startTown(environment: Record<string, string> = {}): Promise<Town> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'latchkey-flows-'));
  cpSync(await seededFolder(), dataDirectory, { recursive: true });

  // The issuer holds the port, and the port is known once the door is open: so the door opens before the house.
  const failures: string[] = [];
  let handler: RequestListener = (_, response) => response.writeHead(503).end();
  const listener = await listen({
    handler(request, response) {
      response.on('finish', () => {
        if (response.statusCode >= 500)
          failures.push(`${request.method} ${request.url?.slice(0, 80)} ${response.statusCode}`);
      });
      handler(request, response);
    },
    host: 'localhost',
    port: 0,
  });
  const issuer = `http://localhost:${listener.port}`;
  const temporary = testEngine === 'postgres' ? await seededDatabase(dataDirectory) : undefined;
  const place: Record<string, string> = temporary?.url === undefined ? {} : { DATABASE_URL: temporary.url };
  const settings = authorizationServerSettings({
    ...quiet,
    ...place,
    DATA_DIR: dataDirectory,
    ISSUER: issuer,
    ...environment,
  });
  const server = await createAuthorizationServer(settings, createLogger('authorization-server', settings.logLevel));
  handler = server.handler;

  const metadata: Metadata = await fetchJson(`${issuer}/.well-known/openid-configuration`);
  return {
    issuer,
    metadata,
    server,
    settings,
    dataDirectory,
    app: (registration) => createApp({ server, metadata }, registration),
    database: () => new DatabaseSync(settings.databaseFile, { timeout: 5_000 }),
    person: (username) => createPerson(issuer, username),
    async verify(token, options) {
      const keys = createLocalJWKSet(await fetchJson(metadata.jwks_uri));
      return jwtVerify<Claims>(String(token), keys, { issuer, ...options });
    },
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await server.close();
      await temporary?.[Symbol.asyncDispose]();
      rmSync(dataDirectory, { recursive: true });
      if (failures.length > 0) throw new Error(`the server failed:\n${[...new Set(failures)].join('\n')}`);
    },
  };
}

const quiet = { LOG_LEVEL: 'silent', TODOS_API_RESOURCE: todosApi };

async function fetchJson<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}

/** The same rows in PostgreSQL. */
async function seededDatabase(dataDirectory: string): Promise<TemporaryDatabase> {
  const temporary = await temporaryDatabase('postgres');
  await using tables = await openTables({ databaseUrl: temporary.url, databaseFile: temporary.file });
  using file = new DatabaseSync(join(dataDirectory, 'authorization-server', 'latchkey.sqlite'));
  for (const table of ['accounts', 'clients', 'consents', 'signing_keys', 'data_keys'] as const) {
    const rows = file.prepare(`SELECT * FROM ${table}`).all();
    if (rows.length > 0)
      await tables.query
        .insertInto(table)
        .values(rows as never)
        .execute();
  }
  return temporary;
}

let seeded: Promise<string> | undefined;

/** Made once and copied for each town: keys and password hashes take their time. */
function seededFolder(): Promise<string> {
  seeded ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-seeded-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const settings = authorizationServerSettings({ ...quiet, DATA_DIR: folder });
    const server = await createAuthorizationServer(settings, createLogger('authorization-server', 'silent'));
    await seedDemo(server, {
      clientUrl: 'http://localhost:3002',
      clientSecret: 'a secret of the demo client, for stories only',
      todosApiUrl: 'http://localhost:3001',
    });
    await server.close();
    return folder;
  })();
  return seeded;
}

import { randomBytes } from 'node:crypto';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { startPostgres } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { type AppProcess, run, startApp } from './app-process.ts';
import { createCertificate } from './certificate.ts';
import { startTlsProxy, type TlsProxy } from './tls-proxy.ts';

/** What `docker-compose.yml` describes, as plain processes: each as in production, with its secrets in files. */
export interface DeployedTown extends AsyncDisposable {
  readonly login: TlsProxy;
  readonly api: TlsProxy;
  readonly todos: TlsProxy;
  /** Ports of the two authorization servers. */
  replicas(): readonly number[];
  /** Ends one as a crash would. The proxy goes on sending requests to it. */
  crash(replica: number): Promise<void>;
  /** Starts another one in its place, at another port, of which the proxy is told. */
  replace(replica: number): Promise<void>;
  /** The operator's command line, on the same database. @returns its JSON answer */
  latchkey<Answer = unknown>(command: readonly string[], input?: string): Promise<Answer>;
  /** Registers the demo client, as each start does. */
  registerApps(): Promise<void>;
  /** SQL with an administrator's rights. */
  sql(statement: string): Promise<Record<string, unknown>[]>;
}

const roles = ['authorization_server', 'todos_api', 'demo_client'] as const;

export async function startDeployedTown(): Promise<DeployedTown> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempDisposableSync(join(tmpdir(), 'latchkey-deployed-')), (it) => it.remove());
  const secret = (name: string, content: string) => {
    const path = join(folder.path, name);
    writeFileSync(path, `${content}\n`);
    return path;
  };

  const tlsFiles = createCertificate();
  // NOTE: for the browser of this test. The apps are told by NODE_EXTRA_CA_CERTS, as in production.
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tlsFiles.certificate]);
  const [login, api, todos] = [
    stack.use(await startTlsProxy(tlsFiles)),
    stack.use(await startTlsProxy(tlsFiles)),
    stack.use(await startTlsProxy(tlsFiles)),
  ];

  const postgres = stack.use(await startPostgres({ durable: false }));
  const database = await postgres.createDatabase();
  const passwords = new Map(roles.map((role) => [role, randomBytes(24).toString('hex')]));
  await postgres.query(database, rolesSql(passwords));
  const databaseUrl = (role: (typeof roles)[number]) => {
    const url = new URL(database);
    [url.username, url.password] = [role, passwords.get(role) ?? ''];
    return secret(`${role}-database-url`, url.href);
  };

  const everyApp = {
    NODE_EXTRA_CA_CERTS: secret('ca-certificate', tlsFiles.certificate),
    TRUST_PROXY: '1',
    ISSUER: login.url,
    // NOTE: nothing may be written there: all that lasts is in the database.
    DATA_DIR: '/dev/null',
  };
  const authorizationServer = {
    ...everyApp,
    DATABASE_URL_FILE: databaseUrl('authorization_server'),
    KEY_ENCRYPTION_KEY_FILE: secret('key-encryption-key', randomBytes(32).toString('base64url')),
    TODOS_API_RESOURCE: `${api.url}/api`,
    TRUSTED_ORIGINS: todos.url,
  };
  const demoClient = {
    CLIENT_ID: 'latchkey-todos',
    CLIENT_SECRET_FILE: secret('demo-client-secret', randomBytes(32).toString('base64url')),
  };

  const started: AppProcess[] = [];
  stack.defer(async () => {
    for (const app of started) await app.kill();
  });
  const start = async (...[name, environment]: Parameters<typeof startApp>) => {
    const app = await startApp(name, environment);
    started.push(app);
    return app;
  };
  const startReplica = () => start('authorization-server', authorizationServer);

  // All at the same moment, on a database in which there is nothing yet.
  const [replicas, todosApi, demo] = await Promise.all([
    Promise.all([startReplica(), startReplica()]),
    start('todos-api', {
      ...everyApp,
      DATABASE_URL_FILE: databaseUrl('todos_api'),
      PUBLIC_URL: api.url,
      RESOURCE: `${api.url}/api`,
      DOCS_CLIENT_ID: 'docs',
    }),
    start('demo-client', {
      ...everyApp,
      ...demoClient,
      DATABASE_URL_FILE: databaseUrl('demo_client'),
      PUBLIC_URL: todos.url,
      API_URL: api.url,
      API_RESOURCE: `${api.url}/api`,
      SESSION_KEY_FILE: secret('session-key', randomBytes(32).toString('base64url')),
    }),
  ]);
  login.replicas = replicas.map(({ port }) => port);
  api.replicas = [todosApi.port];
  todos.replicas = [demo.port];

  const owned = stack.move();
  return {
    login,
    api,
    todos,
    replicas: () => login.replicas,
    async crash(replica) {
      await started.find(({ port }) => port === replica)?.kill();
    },
    async replace(replica) {
      const { port } = await startReplica();
      login.replicas = login.replicas.map((each) => (each === replica ? port : each));
    },
    async latchkey(command, input) {
      const program = resolveFromRoot('apps/authorization-server/src/cli.ts');
      return JSON.parse(await run([process.execPath, program, ...command, '--json'], authorizationServer, input));
    },
    async registerApps() {
      const environment = {
        ...authorizationServer,
        ...demoClient,
        TODOS_URL: todos.url,
        API_URL: api.url,
        DOCS_CLIENT_ID: 'docs',
      };
      await run(['sh', resolveFromRoot('deploy/register-apps.sh')], environment);
    },
    sql: (statement) => postgres.query(database, statement),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The script of the deployment, with the passwords that psql would put in. */
function rolesSql(passwords: ReadonlyMap<string, string>): string {
  const script = readFileSync(resolveFromRoot('deploy/postgres/roles.sql'), 'utf8').replaceAll(/^\\set .*$/gm, '');
  return script.replaceAll(/:'(\w+)_password'/g, (_, role: string) => `'${passwords.get(role)}'`);
}

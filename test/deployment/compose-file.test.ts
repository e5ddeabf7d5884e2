import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { authorizationServerSettings } from '../../apps/authorization-server/src/settings.ts';
import { readDemoClientSettings } from '../../apps/demo-client/src/settings.ts';
import { readTodosApiSettings } from '../../apps/todos-api/src/settings.ts';
import { readComposeFile, type Service } from './compose-file.ts';

/* What can be said about the deployment without an engine that would run it. */

const { services, secrets, networks } = readComposeFile();
const all = Object.entries(services);
const lasting = all.filter(([, { restart }]) => restart !== 'no');
const apps = lasting.filter(([, { command }]) => command?.[0] === 'node');
const replicas = apps.filter(([, service]) => service.command?.[1]?.includes('authorization-server'));
const text = (path: string) => readFileSync(resolveFromRoot(path), 'utf8');

test('there are three apps, one of them twice, a proxy and a database', () => {
  expect(lasting.map(([name]) => name)).toEqual([
    'proxy',
    'authorization-server-1',
    'authorization-server-2',
    'todos-api',
    'demo-client',
    'postgres',
  ]);
  for (const [, { command }] of apps) expect(existsSync(resolveFromRoot(command?.[1] ?? '')), command?.[1]).toBe(true);
  for (const [, { environment }] of apps) expect(environment.NODE_ENV).toBe('production');
});

test.each(all)('%s may do no more than it needs', (_name, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  expect(['unless-stopped', 'no']).toContain(service.restart);
});

test('the proxy alone is reached from outside, and the database has no way to the world', () => {
  expect(all.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['proxy']);
  const [outside, inside] = services.proxy?.ports?.[0]?.split(':') ?? [];
  expect(outside).toBe(inside);
  expect(networks.database?.internal).toBe(true);
  expect(services.postgres?.networks).toEqual(['database']);
});

test('whatever starts waits for what it needs, and whatever lasts says whether it is well', () => {
  for (const [name, { depends_on = {} }] of all) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      const ends = services[needed]?.restart === 'no';
      expect(condition, `${name} needs ${needed}`).toBe(ends ? 'service_completed_successfully' : 'service_healthy');
    }
  }
  for (const [name, { healthcheck }] of lasting) expect(healthcheck?.test?.[0], name).toBe('CMD');
  for (const [, { healthcheck }] of apps) expect(healthcheck?.test?.join(' ')).toContain('127.0.0.1:3000/readyz');
});

test('every secret is a file that make-secrets.sh makes, and nobody is given one that is not needed', () => {
  const script = text('deploy/make-secrets.sh');
  for (const [name, { file }] of Object.entries(secrets)) {
    expect(file).toBe(`deploy/secrets/${name}`);
    expect(script).toMatch(new RegExp(`^ *make ${name} `, 'm'));
  }
  expect(text('.gitignore').split('\n')).toContain('/deploy/secrets/');
  const given = new Set(all.flatMap(([, service]) => service.secrets));
  expect(given).toEqual(new Set(Object.keys(secrets)));
  // The key of the private authority is for the operator alone.
  expect(given).not.toContain('ca-key');
  const mounted = `${text('deploy/nginx/nginx.conf.template')}${text('deploy/postgres/roles.sql')}`;
  for (const [name, { environment, secrets: own }] of all) {
    const named = Object.values(environment).flatMap((value) => value.match(/^\/run\/secrets\/(.+)$/)?.[1] ?? []);
    const inFiles = [...mounted.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, secret]) => secret);
    const expected = name === 'proxy' || name === 'postgres' ? own.filter((each) => inFiles.includes(each)) : [];
    expect(new Set([...named, ...expected]), name).toEqual(new Set(own));
  }
});

test('no secret stands in the environment, where every process and every listing shows it', () => {
  for (const [name, { environment }] of all) {
    for (const [variable, value] of Object.entries(environment)) {
      if (!/(KEY|SECRET|PASSWORD|DATABASE_URL)(_FILE)?$/.test(variable)) continue;
      expect(variable, name).toMatch(/_FILE$/);
      expect(value, variable).toMatch(/^\/run\/secrets\//);
    }
  }
});

const readers: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => unknown>> = {
  'authorization-server-1': authorizationServerSettings,
  'authorization-server-2': authorizationServerSettings,
  'todos-api': readTodosApiSettings,
  'demo-client': readDemoClientSettings,
};

test.each([
  ['https://login.localhost:8443', {}],
  ['https://login.example.com', { DOMAIN: 'example.com', HTTPS_PORT: '443', PORT_SUFFIX: '' }],
])('at %s each app accepts its settings, and knows every one of them', (origin, variables) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  for (const [name, service] of Object.entries(readComposeFile(variables).services)) {
    const read = readers[name];
    if (!read) continue;
    const asked = new Set<string>(['NODE_EXTRA_CA_CERTS']);
    const environment = new Proxy(withSecrets(service, folder.path), {
      get(target, variable: string) {
        asked.add(variable);
        return target[variable];
      },
    });
    expect(read(environment), name).toMatchObject({ issuer: origin });
    for (const variable of Object.keys(service.environment)) expect(asked, name).toContain(variable);
  }
});

/** The service's environment, with secrets of the right kind where it looks for them. */
function withSecrets({ environment }: Service, folder: string): Record<string, string> {
  const entries = Object.entries(environment).map(([variable, value]) => {
    const name = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
    if (name === undefined) return [variable, value];
    const file = join(folder, name);
    const content = name.endsWith('-url')
      ? 'postgres://app:password@postgres/latchkey'
      : randomBytes(32).toString('base64url');
    writeFileSync(file, content);
    return [variable, file];
  });
  return Object.fromEntries(entries);
}

test('the demo client and the docs page sign in as the clients that the setup registers', () => {
  for (const variable of ['CLIENT_ID', 'CLIENT_SECRET_FILE']) {
    expect(services.setup?.environment[variable]).toBe(services['demo-client']?.environment[variable]);
  }
  expect(services.setup?.environment.TODOS_URL).toBe(services['demo-client']?.environment.PUBLIC_URL);
  expect(services.setup?.environment.API_URL).toBe(services['todos-api']?.environment.PUBLIC_URL);
  expect(services.setup?.environment.DOCS_CLIENT_ID).toBe(services['todos-api']?.environment.DOCS_CLIENT_ID);
  const script = services.setup?.command?.[1] ?? '';
  for (const [, variable = ''] of text(script).matchAll(/\$([A-Z_]+)/g)) {
    expect(services.setup?.environment, variable).toHaveProperty(variable);
  }
});

test('the image has the Node that everything was tested with, and runs it without npm in between', () => {
  const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: { node: string } };
  expect(text('Dockerfile')).toContain(`ARG NODE_VERSION=${devDependencies.node}\n`);
  expect(text('Dockerfile')).toMatch(/^USER node$/m);
  for (const [name, { command = [] }] of all) expect(command[0], name).not.toBe('npm');
  // What is not named here stays out of the builder's sight, secrets above all.
  expect(text('.dockerignore')).toMatch(/^\*$/m);
});

const proxy = text('deploy/nginx/nginx.conf.template');

test('the proxy knows both replicas, and waits until they are well', () => {
  const upstream = /upstream authorization_server \{([^}]*)\}/.exec(proxy)?.[1] ?? '';
  const named = [...upstream.matchAll(/server ([\w-]+):3000 /g)].map(([, name]) => name);
  expect(named).toEqual(replicas.map(([name]) => name));
  for (const [name] of apps) expect(services.proxy?.depends_on).toHaveProperty(name);
  for (const [name] of apps) expect(proxy).toContain(`server ${name}:3000 `);
});

test('the proxy is at the names that the apps use and the certificate has', () => {
  const names = [...proxy.matchAll(/server_name (\w+)\.\$\{DOMAIN\};/g)].map(([, name]) => name);
  expect(names).toEqual(['login', 'api', 'todos']);
  const { networks: places } = services.proxy ?? {};
  const address = places && 'edge' in places ? places.edge?.ipv4_address : undefined;
  for (const [, { extra_hosts }] of apps)
    expect(extra_hosts).toEqual(names.map((name) => `${name}.localhost:${address}`));
  for (const name of names) expect(text('deploy/make-secrets.sh')).toContain(`DNS:${name}.$domain`);
});

test('what the apps believe of the proxy is said by the proxy, never passed on', () => {
  const headers = new Map([...proxy.matchAll(/proxy_set_header (\S+) (.*);/g)].map(([, name, value]) => [name, value]));
  expect(Object.fromEntries(headers)).toMatchObject({
    Host: expect.stringMatching(/^\$server_name\$\{PORT_SUFFIX\}$/),
    'X-Forwarded-Host': headers.get('Host'),
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-For': '$remote_addr',
    Forwarded: '""',
  });
  // Set once for all: a header in a location would drop those above it.
  expect(proxy.lastIndexOf('proxy_set_header')).toBeLessThan(proxy.indexOf('server_name login'));
  expect(proxy.match(/return 404/g)).toHaveLength(3);
  expect(proxy).not.toMatch(/\$(request_uri|request|args|query_string)\b/);
  for (const [, variable = ''] of proxy.matchAll(/\$\{(\w+)\}/g)) {
    expect({ NGINX_LOCAL_RESOLVERS: '', ...services.proxy?.environment }).toHaveProperty(variable);
  }
});

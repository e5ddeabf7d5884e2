import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { demoClockFile, openDemoClock } from '@latchkey/demo-clock';
import { expect, test } from 'vitest';
import { appOf, type Registration } from './app.ts';
import { isConsent, isSignIn } from './person.ts';
import { startTown, type Town } from './town.ts';

const program = join(import.meta.dirname, '../../apps/authorization-server/src/cli.ts');

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The operator at a terminal beside the running server. */
async function latchkey(
  town: Town,
  command: readonly string[],
  environment: Record<string, string> = {},
  input = '',
): Promise<Outcome> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [program, ...command], {
    env: { PATH, DATA_DIR: town.dataDirectory, NODE_NO_WARNINGS: '1', ...environment },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

const plan = (town: Town, line: string, more: readonly string[] = [], input?: string) =>
  latchkey(town, [...line.split(' '), ...more], {}, input);

const redirects = ['--redirect-uri', 'https://app.example/'];

test('an app that the operator adds works at once, and is gone at once when it is removed', async () => {
  await using town = await startTown();
  const added = await plan(town, 'client add --json --name Planner --redirect-uri https://planner.example/callback', [
    '--redirect-uri',
    'http://localhost:9/callback',
    '--post-logout-redirect-uri',
    'https://planner.example/goodbye',
    '--scope',
    'openid read:todos',
  ]);
  expect(added).toMatchObject({ code: 0, err: '' });
  const registration = JSON.parse(added.out) as Registration;
  expect(registration).toMatchObject({
    client_name: 'Planner',
    redirect_uris: ['https://planner.example/callback', 'http://localhost:9/callback'],
    post_logout_redirect_uris: ['https://planner.example/goodbye'],
    scope: 'openid read:todos',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
  });
  const [app, alice] = [appOf(town.metadata, registration), town.person('alice')];
  const tokens = await alice.connect(app, { scope: 'openid read:todos write:todos' });
  expect(tokens.scope).toBe('read:todos');

  const removed = await latchkey(town, ['client', 'remove', app.id, '--json']);
  expect(JSON.parse(removed.out)).toEqual({ client_id: app.id, removed: true });
  expect((await alice.open(app.request())).text).toContain('invalid_client');
  expect((await app.refresh(tokens.refresh_token)).body.error).toBe('invalid_client');
});

test('list and show tell everything but the secret', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const list = await plan(town, 'client list --json');
  expect((JSON.parse(list.out) as Registration[]).map(({ client_id }) => client_id)).toEqual([
    'demo-client',
    'todos-docs',
    planner.id,
  ]);
  const show = await latchkey(town, ['client', 'show', planner.id, '--json']);
  expect(JSON.parse(show.out)).toMatchObject({
    client_id: planner.id,
    client_name: 'Planner',
    registered_by: 'operator',
  });
  const shownAsText = await latchkey(town, ['client', 'show', planner.id]);
  for (const { out } of [list, show, shownAsText, await plan(town, 'client list')]) {
    expect(out).not.toContain(planner.secret);
    expect(out).not.toContain('client_secret"');
    expect(out).not.toContain('sha256:');
  }
});

test('where time was moved for a demonstration, the command line goes by it, and in production it looks for no such thing', async () => {
  await using town = await startTown();
  openDemoClock(demoClockFile(town.dataDirectory)).advance(30 * 86_400_000);
  const daysAhead = async (environment: Record<string, string> = {}) => {
    const { out } = await latchkey(
      town,
      ['client', 'add', '--json', '--name', 'App', '--public', ...redirects],
      environment,
    );
    const { client_id_issued_at } = JSON.parse(out) as { client_id_issued_at: number };
    return (client_id_issued_at - Date.now() / 1_000) / 86_400;
  };
  expect(await daysAhead()).toBeCloseTo(30, 2);
  const key = readFileSync(town.settings.keyFile ?? '', 'utf8').trim();
  const production = {
    NODE_ENV: 'production',
    ISSUER: 'https://auth.example',
    KEY_ENCRYPTION_KEY: key,
    TODOS_API_RESOURCE: 'https://api.example/api',
    TRUST_PROXY: '1',
  };
  expect(await daysAhead(production)).toBeCloseTo(0, 2);
});

test('options for apps of every kind', async () => {
  await using town = await startTown();
  const base = 'client add --json --name App --redirect-uri https://app.example/';
  const [open, robot, old] = await Promise.all([
    plan(town, `${base} --public`),
    plan(
      town,
      'client add --json --name Robot --grant-type client_credentials --token-endpoint-auth-method client_secret_post',
    ),
    plan(town, `${base} --pkce optional --access-token-ttl 60`),
  ]);
  const publicApp = JSON.parse(open.out) as Registration;
  expect(publicApp.token_endpoint_auth_method).toBe('none');
  expect(publicApp).not.toHaveProperty('client_secret');
  const service = JSON.parse(robot.out) as Registration;
  const { body } = await appOf(town.metadata, service).token({ grant_type: 'client_credentials' });
  expect(body.token_type).toBe('Bearer');
  const relaxed = appOf(town.metadata, JSON.parse(old.out) as Registration);
  const request = relaxed.request({ code_challenge: undefined, code_challenge_method: undefined });
  const { code } = await town.person('alice').authorize(request);
  expect((await relaxed.exchange(code, request, { code_verifier: undefined })).body.expires_in).toBe(60);
});

test('a person who is added signs in at once; one who is disabled is out at once, and so are their tokens', async () => {
  await using town = await startTown();
  const [planner, carol] = [await town.app(), town.person('carol')];
  const add = ['user', 'add', '--username', 'carol', '--email', 'carol@example.com', '--name', 'Carol Carver'];
  const added = await latchkey(
    town,
    [...add, '--scope', 'read:todos', '--password-stdin', '--json'],
    {},
    'carol-password\n',
  );
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(added.out)).toMatchObject({ username: 'carol', scope: 'read:todos', disabled: false });
  expect(added.out).not.toContain('carol-password');

  const tokens = await carol.connect(planner, { scope: 'openid offline_access read:todos', prompt: 'consent' });
  expect(tokens.scope).toBe('read:todos');
  const disabled = await plan(town, 'user disable carol --json');
  expect(JSON.parse(disabled.out)).toMatchObject({ username: 'carol', disabled: true });
  expect((await planner.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
  const page = await carol.open(planner.request());
  expect(isSignIn(page)).toBe(true);
  expect((await carol.signIn(page)).status).toBe(401);
  await plan(town, 'user enable carol');
  expect(isSignIn(await carol.signIn(page))).toBe(false);
  await plan(town, 'user disable carol');

  const people = JSON.parse((await plan(town, 'user list --json')).out) as { username: string; disabled: boolean }[];
  expect(people.map(({ username, disabled: out }) => [username, out])).toEqual([
    ['admin', false],
    ['alice', false],
    ['bob', false],
    ['carol', true],
  ]);
});

test('what cannot be done is said with every problem at once, and ends with 1', async () => {
  await using town = await startTown();
  const wrong = [
    'client',
    'add',
    '--name',
    'X',
    '--redirect-uri',
    'http://evil.example/',
    '--redirect-uri',
    'https://x.example/#y',
  ];
  const options = [
    '--scope',
    'fly:planes',
    '--access-token-ttl',
    'soon',
    '--pkce',
    'never',
    '--grant-type',
    'password',
  ];
  const [plain, json] = await Promise.all([
    latchkey(town, [...wrong, ...options]),
    latchkey(town, [...wrong, ...options, '--json']),
  ]);
  expect(plain).toMatchObject({ code: 1, out: '' });
  const { error, problems } = JSON.parse(json.out) as { error: string; problems: string[] };
  expect(json.code).toBe(1);
  expect(error).toBe('refused');
  for (const part of ['redirect_uris[0]', 'redirect_uris[1]', 'fly:planes', 'access_token_ttl', 'pkce', 'password']) {
    expect(plain.err).toContain(part);
    expect(problems.join('\n')).toContain(part);
  }
  for (const { err } of [plain, json]) expect(err).not.toMatch(/^\s+at /m);
});

test('each mistake at the terminal is named without a stack trace', async () => {
  await using town = await startTown();
  const add = 'user add --username alice --email alice@example.com --name Alice';
  const outcomes = await Promise.all([
    plan(town, 'client show nobody'),
    plan(town, 'user disable nobody'),
    plan(town, `${add} --password-stdin`, [], 'long enough'),
    plan(town, `${add}-two --password short`),
    plan(town, 'client add --name X'),
    plan(town, 'fly planes'),
  ]);
  const said = ['nobody', 'nobody', 'taken', 'password', 'redirect_uris', 'unknown command'];
  for (const [index, { code, err }] of outcomes.entries()) {
    expect(code, said[index]).toBe(1);
    expect(err).toContain(said[index]);
    expect(err).not.toMatch(/^\s+at /m);
  }
});

test('help lists all commands, and migrate is safe beside the running server', async () => {
  await using town = await startTown();
  const [help, migrated] = await Promise.all([plan(town, '--help'), plan(town, 'migrate --json')]);
  for (const command of ['client', 'user', 'migrate']) expect(help.out).toContain(command);
  expect(help.code).toBe(0);
  expect(JSON.parse(migrated.out)).toEqual({ migrated: true, applied: [] });
  const [planner, alice] = [await town.app(), town.person('alice')];
  expect(isConsent(await alice.signIn(await alice.open(planner.request())))).toBe(true);
});

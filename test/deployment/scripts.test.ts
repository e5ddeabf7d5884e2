import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempDisposableSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, onTestFinished, test } from 'vitest';
import { parseKey } from '../../apps/authorization-server/src/keys/key-file.ts';
import { run } from './app-process.ts';
import { readComposeFile } from './compose-file.ts';

const script = 'deploy/make-secrets.sh';

test.each([script, 'deploy/register-apps.sh'])('%s is a shell script without a mistake in its grammar', (path) => {
  expect(spawnSync('sh', ['-n', resolveFromRoot(path)]).status).toBe(0);
});

// Those who only read the code need no openssl; those who deploy do.
const openssl = spawnSync('openssl', ['version']).status === 0;

function startPlace() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-secrets-'));
  onTestFinished(() => folder.remove());
  copyFileSync(resolveFromRoot(script), join(folder.path, 'make-secrets.sh'));
  const secrets = join(folder.path, 'secrets');
  return {
    make(environment: Record<string, string> = {}) {
      const { PATH } = process.env;
      const options = { env: { PATH, ...environment }, encoding: 'utf8' } as const;
      return execFileSync('sh', [join(folder.path, 'make-secrets.sh')], options);
    },
    read: (name: string) => readFileSync(join(secrets, name), 'utf8'),
    all: () =>
      Object.fromEntries(readdirSync(secrets).map((name) => [name, readFileSync(join(secrets, name), 'utf8')])),
    mode: (name: string) => statSync(join(secrets, name)).mode & 0o777,
    remove: (name: string) => rmSync(join(secrets, name)),
  };
}

test.skipIf(!openssl)('every secret of the deployment is made, for containers to read and for nobody else', () => {
  const place = startPlace();
  place.make();
  const expected = [...Object.keys(readComposeFile().secrets), 'ca-key'].sort();
  expect(Object.keys(place.all()).sort()).toEqual(expected);
  // The folder keeps others out; the files are mounted one by one, for users that this machine does not know.
  expect(place.mode('.')).toBe(0o700);
  for (const name of expected) expect(place.mode(name), name).toBe(name === 'ca-key' ? 0o400 : 0o444);
  for (const name of ['key-encryption-key', 'session-key', 'demo-client-secret']) {
    expect(parseKey(place.read(name).trim()), name).toBeDefined();
  }
  expect(new Set(Object.values(place.all())).size).toBe(expected.length);
  for (const role of ['authorization_server', 'todos_api', 'demo_client']) {
    const address = new URL(place.read(`${role.replace('_', '-')}-database-url`).trim());
    expect(address).toMatchObject({ username: role, host: 'postgres:5432', pathname: '/latchkey' });
    expect(address.password).toMatch(/^[0-9a-f]{48}$/);
  }
});

test.skipIf(!openssl)('the certificate is for the three names, and its authority for nothing else', () => {
  const place = startPlace();
  place.make({ DOMAIN: 'example.com' });
  const [authority, certificate] = ['ca-certificate', 'tls-certificate'].map(
    (name) => new X509Certificate(place.read(name)),
  );
  if (!authority || !certificate) throw new Error('no certificates');
  expect(certificate.verify(authority.publicKey)).toBe(true);
  for (const name of ['login', 'api', 'todos']) expect(certificate.checkHost(`${name}.example.com`)).toBeDefined();
  expect(certificate.checkHost('www.example.com')).toBeUndefined();
  expect([authority.ca, certificate.ca]).toEqual([true, false]);
  const printed = execFileSync('openssl', ['x509', '-noout', '-text'], {
    input: authority.toString(),
    encoding: 'utf8',
  });
  expect(printed).toMatch(/Name Constraints: critical\s+Permitted:\s+DNS:example\.com/);
});

test.skipIf(!openssl)('what is there is never made again, and what was taken away is', () => {
  const place = startPlace();
  place.make();
  const before = place.all();
  expect(place.make()).not.toContain('made');
  expect(place.all()).toEqual(before);
  for (const name of ['tls-certificate', 'tls-key']) place.remove(name);
  expect(place.make().match(/^made .*$/gm)).toEqual(['made  tls-key', 'made  tls-certificate']);
  expect(
    new X509Certificate(place.read('tls-certificate')).verify(
      new X509Certificate(before['ca-certificate'] ?? '').publicKey,
    ),
  ).toBe(true);
});

test.each([
  [200, 'well', true],
  [503, 'not well', false],
])('the health check of the apps takes %i for %s', async (status, _what, healthy) => {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/readyz' ? status : 404).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const [, , ...words] = readComposeFile().services['todos-api']?.healthcheck?.test ?? [];
  const check = run([process.execPath, ...words.map((word) => word.replace(':3000', `:${port}`))], {});
  await (healthy ? expect(check).resolves.toBe('') : expect(check).rejects.toThrow('ended with 1'));
});

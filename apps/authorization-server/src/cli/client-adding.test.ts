import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { clientSecretMatches } from '../clients/client-secrets.ts';
import { createClients } from '../clients/clients.ts';
import type { Registration } from '../clients/registration-rules.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { clientCommands } from './client-commands.ts';

const secret = 'kO3Xh0w8cXv1sQm5nT7bR9yU2aL4dF6g';

/** `latchkey client …` on a database of its own. */
async function startOperator() {
  const tables = await startTables();
  const clients = createClients(tables.database, () => {});
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const subjects = { clients, accounts: undefined as never, sessions: undefined as never, close: async () => {} };

  async function client(...words: string[]): Promise<string> {
    const printed: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))));
    try {
      await clientCommands(async () => subjects).parseAsync(words, { from: 'user' });
    } finally {
      write.mockRestore();
    }
    return printed.join('');
  }

  return {
    clients,
    client,
    add: (...more: string[]) =>
      client('add', '--name', 'Todos', '--redirect-uri', 'https://todos.example/auth/callback', ...more),
    file(content: string): string {
      const path = join(folder.path, 'client-secret');
      writeFileSync(path, content);
      return path;
    },
    async [Symbol.asyncDispose]() {
      folder.remove();
      await tables[Symbol.asyncDispose]();
    },
  };
}

test('an app gets the id and the secret that the operator has chosen, and the secret is not printed', async () => {
  await using operator = await startOperator();
  const printed = await operator.add(
    '--client-id',
    'todos',
    '--client-secret-file',
    operator.file(`${secret}\n`),
    '--json',
  );
  expect(JSON.parse(printed)).toMatchObject({ client_id: 'todos', client_name: 'Todos' });
  expect(printed).not.toContain(secret);
  const stored = await operator.clients.stored('todos');
  expect(clientSecretMatches(String(stored?.client_secret), secret)).toBe(true);
});

test('without a file the secret is made here, and shown this once', async () => {
  await using operator = await startOperator();
  const { client_secret } = JSON.parse(await operator.add('--client-id', 'todos', '--json')) as Registration;
  const stored = await operator.clients.stored('todos');
  expect(clientSecretMatches(String(stored?.client_secret), String(client_secret))).toBe(true);
});

test('with --if-missing it may run at every start: what is there stays, and is printed without a secret', async () => {
  await using operator = await startOperator();
  const words = ['--client-id', 'todos', '--client-secret-file', operator.file(secret), '--if-missing', '--json'];
  await operator.add(...words);
  const before = await operator.clients.find('todos');
  const printed = await operator.client(
    'add',
    '--name',
    'Another',
    '--redirect-uri',
    'https://another.example/',
    ...words,
  );
  expect(JSON.parse(printed)).toMatchObject({ client_id: 'todos', client_name: 'Todos', registered_by: 'operator' });
  for (const word of ['"client_secret"', 'sha256:', secret]) expect(printed).not.toContain(word);
  expect(await operator.clients.find('todos')).toEqual(before);
});

test('an id that is taken is refused, and so is another secret than the one that it was registered with', async () => {
  await using operator = await startOperator();
  await operator.add('--client-id', 'todos', '--client-secret-file', operator.file(secret));
  await expect(operator.add('--client-id', 'todos')).rejects.toThrow('todos is taken');
  const other = operator.file([...secret].reverse().join(''));
  await expect(operator.add('--client-id', 'todos', '--if-missing', '--client-secret-file', other)).rejects.toThrow(
    'another secret',
  );
  const stored = await operator.clients.stored('todos');
  expect(clientSecretMatches(String(stored?.client_secret), secret)).toBe(true);
});

test.each([
  ['too short', 'short', '32 characters'],
  ['too regular', 'ab'.repeat(20), 'random'],
  ['not ASCII', `${secret}ü`, 'ASCII'],
  ['two lines', `${secret}\n${secret}`, 'ASCII'],
  ['a stored hash', `sha256:${'kO3Xh0w8cXv1sQm5nT7bR9yU2aL4dF6g0123456789A'}`, 'hash'],
])('a secret that is %s is refused', async (_what, content, said) => {
  await using operator = await startOperator();
  const adding = operator.add('--client-id', 'todos', '--client-secret-file', operator.file(content));
  await expect(adding).rejects.toThrow(said);
  expect(await operator.clients.list()).toEqual([]);
});

test('what makes no sense is refused: no id to look for, an id that needs encoding, a secret for nobody, no file', async () => {
  await using operator = await startOperator();
  await expect(operator.add('--if-missing')).rejects.toThrow('--if-missing needs --client-id');
  await expect(operator.add('--client-id', 'todos & more')).rejects.toThrow('client_id');
  await expect(operator.add('--public', '--client-secret-file', operator.file(secret))).rejects.toThrow('method none');
  await expect(operator.add('--client-secret-file', '/nowhere')).rejects.toThrow('--client-secret-file');
  expect(await operator.clients.list()).toEqual([]);
});

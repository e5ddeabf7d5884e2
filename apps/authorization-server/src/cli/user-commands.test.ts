import { expect, test, vi } from 'vitest';
import { createAccounts } from '../accounts/accounts.ts';
import { createClients } from '../clients/clients.ts';
import { createSessions } from '../storage/sessions.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { userCommands } from './user-commands.ts';

async function startOperator() {
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const tables = await startTables();
  const accounts = createAccounts(tables.database);
  const sessions = createSessions(tables.database, tables.keyring);
  const clients = createClients(tables.database, () => {});
  const alice = await accounts.add({
    username: 'alice',
    name: 'Alice Archer',
    email: 'alice@example.com',
    password: 'correct horse',
    grantableScopes: [],
  });
  const open = async () => ({ accounts, clients, sessions, close: async () => {} });
  return {
    latchkeyUser: (...line: string[]) => userCommands(open).parseAsync(line, { from: 'user' }),
    session: (id: string) => sessions.find(id),
    /** Alice's browser comes back from signing in. */
    signIn: (id: string) => sessions.save(id, { uid: `uid of ${id}`, jti: id, accountId: alice.id }, 3_600),
    alice: () => accounts.find(alice.id),
    async [Symbol.asyncDispose]() {
      said.mockRestore();
      await tables[Symbol.asyncDispose]();
    },
  };
}

test('who is kept out has no session, and no session when let in again: not even one that has begun meanwhile', async () => {
  await using room = await startOperator();
  await room.signIn('before');
  await room.latchkeyUser('disable', 'alice');
  expect(await room.session('before')).toBeUndefined();
  expect(await room.alice()).toMatchObject({ disabled: true });
  await room.signIn('under way');
  await room.latchkeyUser('enable', 'alice');
  expect(await room.session('under way')).toBeUndefined();
  expect(await room.alice()).toMatchObject({ disabled: false });
});

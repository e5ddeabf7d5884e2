import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { resolveFromRoot } from '@latchkey/settings';
import type { Town } from './town.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly email: string;
}

/** As `npm start` makes them, and as its welcome text says. */
export function demoAccount(username: 'alice' | 'bob' | 'admin'): Pick<Account, 'username' | 'password'> {
  return { username, password: `${username}-password` };
}

/** A person whom nobody has seen before: every story begins without sessions, consents and todos of another. */
export async function addAccount(
  { environment }: Town,
  name: string,
  scopes: string,
  handle = name.toLowerCase(),
): Promise<Account> {
  const username = `${handle}-${randomBytes(4).toString('hex')}`;
  const account = {
    username,
    password: randomBytes(12).toString('base64url'),
    name,
    email: `${username}@people.example`,
  };
  const command = ['user', 'add', '--username', username, '--email', account.email, '--name', name];
  await promisify(execFile)(
    process.execPath,
    [
      resolveFromRoot('apps/authorization-server/src/cli.ts'),
      ...command,
      ...['--password', account.password, '--scope', scopes, '--json'],
    ],
    { env: { PATH: process.env.PATH, ...environment } },
  );
  return account;
}

import { randomBytes } from 'node:crypto';
import { latchkey } from './operator.ts';
import type { Town } from './town.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** As `npm start` makes them, and as its welcome text says. */
export function demoAccount(username: 'alice' | 'bob' | 'admin'): Account {
  return { username, password: `${username}-password` };
}

/** Somebody whom nobody has seen before: every story begins without sessions, consents and todos of another. */
export async function addAccount(town: Town, handle: string, name: string, scopes: string): Promise<Account> {
  const username = `${handle}-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  const person = ['--username', username, '--email', `${username}@people.example`, '--name', name];
  await latchkey(town, 'user', 'add', ...person, '--password', password, '--scope', scopes);
  return { username, password };
}

import { randomBytes } from 'node:crypto';
import type { Town } from './town.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** As `npm start` makes them, and as its welcome text says. */
export function demoAccount(username: 'alice' | 'bob' | 'admin'): Account {
  return { username, password: `${username}-password` };
}

/**
 * Somebody whom nobody has seen before: every story begins without sessions, consents and todos of another.
 *
 * NOTE: not by a process of the command line's, of which each takes half a second. What `npx latchkey user add` does
 * beside a running server is a flow of its own.
 */
export async function addAccount(town: Town, handle: string, name: string, scopes: string): Promise<Account> {
  const username = `${handle}-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  const email = `${username}@people.example`;
  await town.accounts.add({ username, email, name, password, grantableScopes: scopes.split(' ') });
  return { username, password };
}

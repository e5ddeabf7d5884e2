/**
 * People: who they are, how they prove it, and which scopes they may grant to a client. Sessions belong to the engine,
 * what a person has granted to `consents/`.
 */
import type { Transaction } from 'kysely';
import type { AccountsTable, Tables, TablesDatabase } from '../tables.ts';
import { hashPassword, maximumPasswordLength, needsRehash, verifyPassword } from './passwords.ts';

export interface Account {
  /** The `sub` of every token: never changes, never given to another person. */
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  /** API scopes that this person may grant, beyond those that anyone may. */
  readonly grantableScopes: ReadonlySet<string>;
  readonly disabled: boolean;
}

export interface NewAccount {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly grantableScopes: readonly string[];
}

export interface Accounts {
  find(id: string): Promise<Account | undefined>;
  findByUsername(username: string): Promise<Account | undefined>;
  /** Whether there is such a person, not disabled, as this transaction sees it. */
  enabled(id: string, transaction: Transaction<Tables>): Promise<boolean>;
  list(): Promise<Account[]>;
  /** @throws {AccountProblems} naming everything that is wrong with the new account */
  add(account: NewAccount): Promise<Account>;
  /** Replaces the scopes that a person may grant; holds from the next token on. */
  setGrantableScopes(id: string, scopes: readonly string[]): Promise<void>;
  /** A disabled person cannot sign in, and all tokens end: whoever is let in again signs in anew, in each app. */
  setDisabled(id: string, disabled: boolean): Promise<void>;
  /** Takes as long for a name that nobody has as for a wrong password. */
  authenticate(username: string, password: string): Promise<Account | undefined>;
}

export class AccountProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.name = 'AccountProblems';
    this.problems = problems;
  }
}

export function createAccounts({ query, prepare, transact }: TablesDatabase): Accounts {
  const byId = prepare(({ id }: { id: string }) => query.selectFrom('accounts').selectAll().where('id', '=', id));
  const row = async (id: string) => (await byId({ id })).rows[0];
  const rowByUsername = async (typed: string) => {
    const username = canonicalUsername(typed);
    // NOTE: PostgreSQL takes no text with a zero in it.
    if (!usernamePattern.test(username)) return undefined;
    return query.selectFrom('accounts').selectAll().where('username', '=', username).executeTakeFirst();
  };
  // NOTE: made once, so that the first unknown name costs no more than the second.
  const nobody = hashPassword(crypto.randomUUID());

  return {
    async find(id) {
      return accountOf(await row(id));
    },
    async findByUsername(username) {
      return accountOf(await rowByUsername(username));
    },
    async enabled(id, transaction) {
      const found = await transaction
        .selectFrom('accounts')
        .select('disabled_at')
        .where('id', '=', id)
        .executeTakeFirst();
      return found !== undefined && found.disabled_at === null;
    },
    async list() {
      const rows = await query.selectFrom('accounts').selectAll().orderBy('username').execute();
      return rows.map(presentAccount);
    },
    async add(account) {
      const problems = problemsOf(account);
      const taken = `username: ${account.username} is taken`;
      if (await rowByUsername(account.username)) problems.push(taken);
      if (problems.length > 0) throw new AccountProblems(problems);
      const now = Date.now();
      const id = crypto.randomUUID();
      await query
        .insertInto('accounts')
        .values({
          id,
          username: canonicalUsername(account.username),
          name: account.name.trim(),
          email: account.email.trim(),
          password_hash: await hashPassword(account.password),
          grantable_scope: account.grantableScopes.join(' '),
          disabled_at: null,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) => conflict.column('username').doNothing())
        .execute();
      const added = accountOf(await row(id));
      // NOTE: somebody else took the name while the password was hashed.
      if (!added) throw new AccountProblems([taken]);
      return added;
    },
    async setGrantableScopes(id, scopes) {
      await query
        .updateTable('accounts')
        .set({ grantable_scope: scopes.join(' '), updated_at: Date.now() })
        .where('id', '=', id)
        .execute();
    },
    async setDisabled(id, disabled) {
      const now = Date.now();
      await transact(async (transaction) => {
        await transaction
          .updateTable('accounts')
          .set({ disabled_at: disabled ? now : null, updated_at: now })
          .where('id', '=', id)
          .execute();
        if (disabled) await transaction.deleteFrom('session_grants').where('account_id', '=', id).execute();
      });
    },
    async authenticate(username, password) {
      const found = await rowByUsername(username);
      const matches = await verifyPassword(found?.password_hash ?? (await nobody), password);
      if (!found || !matches || found.disabled_at !== null) return undefined;
      if (needsRehash(found.password_hash)) {
        const password_hash = await hashPassword(password);
        await query.updateTable('accounts').set({ password_hash }).where('id', '=', found.id).execute();
      }
      return presentAccount(found);
    },
  };
}

/** The one spelling of a username: `Alice`, ` alice ` and letters of another width are `alice`. */
export function canonicalUsername(username: string): string {
  return username.trim().normalize('NFKC').toLowerCase();
}

const usernamePattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const emailPattern = /^[^\s@]+@[^\s@]+$/;

function problemsOf({ username, name, email, password }: NewAccount): string[] {
  const problems: string[] = [];
  if (!usernamePattern.test(canonicalUsername(username))) {
    problems.push(
      'username: 1 to 64 letters, digits, dots, hyphens or underscores, beginning and ending with a letter or digit',
    );
  }
  if (name.trim().length < 1 || name.trim().length > 200) problems.push('name: 1 to 200 characters');
  if (!emailPattern.test(email.trim()) || email.length > 254)
    problems.push('email: an address such as alice@example.com');
  if (password.length < 8 || password.length > maximumPasswordLength) {
    problems.push(`password: 8 to ${maximumPasswordLength} characters`);
  }
  return problems;
}

function accountOf(row: AccountsTable | undefined): Account | undefined {
  return row && presentAccount(row);
}

function presentAccount(row: AccountsTable): Account {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    grantableScopes: new Set(row.grantable_scope.split(' ').filter((scope) => scope !== '')),
    disabled: row.disabled_at !== null,
  };
}

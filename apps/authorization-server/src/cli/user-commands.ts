import { todosScopes } from '@latchkey/scope-catalogue';
import { Command } from 'commander';
import { type Account, AccountProblems } from '../accounts/accounts.ts';
import { words } from '../clients/registration-rules.ts';
import { CommandFailure, print, type Subjects, withSubjects } from './command.ts';

interface AddOptions {
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly scope?: string;
  readonly json?: boolean;
}

export function userCommands(open: () => Promise<Subjects>): Command {
  const user = new Command('user').description('people who can sign in');

  user
    .command('add')
    .description('add a person')
    .requiredOption('--username <username>', 'what they sign in with')
    .requiredOption('--email <email>', 'their address')
    .requiredOption('--name <name>', 'their name')
    .option('--password <password>', 'seen by others on this machine: prefer --password-stdin')
    .option('--password-stdin', 'read the password from standard input')
    .option('--scope <scopes>', 'API scopes that they may grant to apps, separated by spaces')
    .option('--json', 'print JSON')
    .action((options: AddOptions) =>
      withSubjects(open, async ({ accounts }) => {
        const grantableScopes = words(options.scope);
        const unknown = grantableScopes.filter((scope) => !todosScopes.has(scope as never));
        if (unknown.length > 0) {
          const known = [...todosScopes.keys()].join(', ');
          throw new AccountProblems(unknown.map((scope) => `scope: ${scope} is not an API scope (${known})`));
        }
        const added = await accounts.add({
          username: options.username,
          email: options.email,
          name: options.name,
          password: await passwordOf(options),
          grantableScopes,
        });
        print(options.json, shown(added), `Added ${added.username}.`);
      }),
    );

  user
    .command('list')
    .description('all people')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) =>
      withSubjects(open, async ({ accounts }) => {
        const list = await accounts.list();
        const text = list.map((account) => {
          const scopes = [...account.grantableScopes].join(' ') || 'no API scopes';
          return `${account.username}  ${account.name} <${account.email}>  ${scopes}${account.disabled ? '  disabled' : ''}`;
        });
        print(json, list.map(shown), text.join('\n') || 'There is nobody yet.');
      }),
    );

  const setDisabled = (username: string, disabled: boolean, json: boolean | undefined) =>
    withSubjects(open, async ({ accounts, sessions }) => {
      const account = await accounts.findByUsername(username);
      if (!account) throw new CommandFailure(`Nobody is called ${username} (latchkey user list shows all).`);
      // NOTE: a sign-in that was under way when they were kept out may have begun a session since.
      if (!disabled) await sessions.endAllOf(account.id);
      await accounts.setDisabled(account.id, disabled);
      if (disabled) await sessions.endAllOf(account.id);
      print(json, shown({ ...account, disabled }), `${disabled ? 'Disabled' : 'Enabled'} ${account.username}.`);
    });

  user
    .command('disable <username>')
    .description('keep a person out: their sessions end, and no app gets another token')
    .option('--json', 'print JSON')
    .action((username: string, { json }: { json?: boolean }) => setDisabled(username, true, json));

  user
    .command('enable <username>')
    .description('let a disabled person in again; they sign in anew')
    .option('--json', 'print JSON')
    .action((username: string, { json }: { json?: boolean }) => setDisabled(username, false, json));

  return user;
}

async function passwordOf({ password, passwordStdin }: AddOptions): Promise<string> {
  if (password !== undefined && !passwordStdin) return password;
  if (!passwordStdin) throw new CommandFailure('Give the password with --password-stdin (or --password).');
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  return text.replace(/\r?\n$/, '');
}

function shown({ id, username, name, email, grantableScopes, disabled }: Account) {
  return { sub: id, username, name, email, scope: [...grantableScopes].join(' '), disabled };
}

import type { Accounts } from '../accounts/accounts.ts';
import type { Clients } from '../clients/clients.ts';
import type { Sessions } from '../storage/sessions.ts';

export interface Subjects {
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly sessions: Sessions;
  close(): Promise<void>;
}

/** What the operator asked cannot be done; the message says why and what to do. */
export class CommandFailure extends Error {}

/** Runs with the database open, and closes it whatever happens. */
export async function withSubjects(
  open: () => Promise<Subjects>,
  run: (subjects: Subjects) => Promise<void>,
): Promise<void> {
  const subjects = await open();
  try {
    await run(subjects);
  } finally {
    await subjects.close();
  }
}

export function print(json: boolean | undefined, data: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(data, null, 2) : text}\n`);
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

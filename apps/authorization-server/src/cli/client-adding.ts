import { readFileSync } from 'node:fs';
import { clientSecretMatches } from '../clients/client-secrets.ts';
import type { Clients } from '../clients/clients.ts';
import type { Registration } from '../clients/registration-rules.ts';
import { addedText, lines, shown } from './client-text.ts';
import { CommandFailure, print } from './command.ts';

export interface AddingOptions {
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly ifMissing?: boolean;
  readonly json?: boolean;
}

/**
 * Registers an app. With an id of the operator's choice it never changes one that is there: a deployment that runs this
 * at every start must not undo what was changed by hand since.
 */
export async function addClient(clients: Clients, registration: Registration, options: AddingOptions): Promise<void> {
  const { clientId, clientSecretFile, ifMissing, json } = options;
  if (clientId === undefined) {
    if (ifMissing) throw new CommandFailure('--if-missing needs --client-id: without it every app is a new one.');
    return tell(await clients.add(withSecret(registration)));
  }
  const complete = withSecret(registration);
  const added = await clients.addNew(complete, clientId);
  if (added) return tell(added);
  if (!ifMissing) throw new CommandFailure(`The client_id ${clientId} is taken (latchkey client show ${clientId}).`);

  const [found, stored] = [await clients.find(clientId), await clients.stored(clientId)];
  if (!found || !stored) throw new CommandFailure(`${clientId} was removed just now. Run this again.`);
  const { client_secret: secret } = complete;
  // NOTE: said here, since otherwise the app would be refused later with invalid_client and nobody would know why.
  if (typeof secret === 'string' && !clientSecretMatches(stored.client_secret as string | undefined, secret)) {
    throw new CommandFailure(
      `${clientId} is registered with another secret than the one in ${clientSecretFile}. Put that one back, or remove the app first (latchkey client remove ${clientId}).`,
    );
  }
  return print(json, shown(found), `Is there already.\n${lines(shown(found))}`);

  function withSecret(members: Registration): Registration {
    return clientSecretFile === undefined ? members : { ...members, client_secret: secretIn(clientSecretFile) };
  }

  /** A secret that came from the operator's own file is not printed: logs are read by more people than that file. */
  function tell({ client_secret: secret, ...members }: Registration): void {
    const told =
      clientSecretFile === undefined && secret !== undefined ? { ...members, client_secret: secret } : members;
    print(json, told, addedText(told));
  }
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandFailure(`--client-secret-file: ${(error as Error).message}`);
  }
}

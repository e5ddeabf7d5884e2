import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { admitKey, admittedKeys, keyId, openDataKey, shutOutOtherKeys } from '../keys/data-key.ts';
import { parseKey } from '../keys/key-file.ts';
import type { Settings } from '../settings.ts';
import { createLease, type Lease } from '../storage/leases.ts';
import type { TablesDatabase } from '../tables.ts';
import { CommandFailure, print } from './command.ts';

export interface KeyCommandNeeds {
  readonly settings: Pick<Settings, 'keyEncryptionKey' | 'keyFile'>;
  readonly database: TablesDatabase;
}

interface RotateOptions {
  readonly newKeyFile?: string;
  readonly json?: boolean;
}

/**
 * Replacing the key-encryption key while servers run. Where the data folder keeps it, one command does it all. Where the
 * operator keeps it, both keys open the data until every server has been given the new one.
 */
export function keyCommands(run: (work: (needs: KeyCommandNeeds) => Promise<void>) => Promise<void>): Command {
  const key = new Command('key').description('the key-encryption key: what opens the database');

  key
    .command('list')
    .description('the keys that open the database, by their names')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) =>
      run(async ({ settings, database }) => {
        await openDataKey(database, settings.keyEncryptionKey);
        const own = keyId(settings.keyEncryptionKey);
        const keys = (await admittedKeys(database)).map(({ id, since }) => ({
          id,
          since: new Date(since).toISOString(),
          given: id === own,
        }));
        const lines = keys.map(({ id, since, given }) => `${id}  since ${since}${given ? '  the one given here' : ''}`);
        print(json, keys, lines.join('\n'));
      }),
    );

  key
    .command('rotate')
    .description('let a new key open the database; running servers go on')
    .option('--new-key-file <file>', 'holds the new key: 32 random bytes in base64url; made if it is not there')
    .option('--json', 'print JSON')
    .action(({ newKeyFile, json }: RotateOptions) =>
      run(({ settings, database }) =>
        alone(database, (lease) =>
          settings.keyFile === undefined
            ? rotateGiven(database, settings.keyEncryptionKey, newKeyFile, json)
            : rotateKept(database, lease, settings.keyEncryptionKey, settings.keyFile, newKeyFile, json),
        ),
      ),
    );

  key
    .command('retire')
    .description('shut out every key but the one given here: when all servers have been restarted with it')
    .option('--force', 'also when another key was let in later than the one given here')
    .option('--json', 'print JSON')
    .action(({ json, force }: { json?: boolean; force?: boolean }) =>
      run(async ({ settings, database }) => {
        await refuseIfOld(database, settings.keyEncryptionKey, force);
        const retired = await alone(database, () => shutOutOtherKeys(database, settings.keyEncryptionKey));
        print(
          json,
          { key: keyId(settings.keyEncryptionKey), retired },
          `Only the key given here opens the database now.`,
        );
      }),
    );

  return key;
}

/** Whoever retires with the old key still in their shell would shut out the new one, and every server that has it. */
async function refuseIfOld(database: TablesDatabase, given: Buffer, force: boolean | undefined): Promise<void> {
  const newest = (await admittedKeys(database)).at(-1)?.id;
  if (force || newest === undefined || newest === keyId(given)) return;
  throw new CommandFailure(
    `The key given here is ${keyId(given)}, and ${newest} was let in after it: give the new key as KEY_ENCRYPTION_KEY_FILE. ` +
      'To shut the new one out, add --force.',
  );
}

const leaseMs = 60_000;

/** Of two operators at once, each would shut out the key that the other one leaves in the file, and nobody had one. */
async function alone<Value>(database: TablesDatabase, work: (lease: Lease) => Promise<Value>): Promise<Value> {
  const lease = createLease(database, 'key');
  await stillAlone(lease);
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

async function stillAlone(lease: Lease): Promise<void> {
  if (await lease.hold(leaseMs)) return;
  throw new CommandFailure('The key is being replaced by somebody else, or that was interrupted. Try in a minute.');
}

/** The file is replaced only once the new key opens the data, and the old one is shut out only after that. */
async function rotateKept(
  database: TablesDatabase,
  lease: Lease,
  present: Buffer,
  keyFile: string,
  newKeyFile: string | undefined,
  json: boolean | undefined,
): Promise<void> {
  if (newKeyFile !== undefined) {
    throw new CommandFailure(`The key is kept in ${keyFile} and is replaced there: leave --new-key-file out.`);
  }
  const next = randomBytes(32);
  const draft = `${keyFile}.next`;
  writeFileSync(draft, `${next.toString('base64url')}\n`, { mode: 0o600, flush: true });
  await admitKey(database, present, next);
  await stillAlone(lease);
  renameSync(draft, keyFile);
  // NOTE: a power cut must not bring the old key back into the file when it has been shut out.
  flushFolder(dirname(keyFile));
  await shutOutOtherKeys(database, next);
  print(
    json,
    { key: keyId(next), file: keyFile, retired: 1 },
    `A new key is in ${keyFile}; the old one opens nothing.`,
  );
}

async function rotateGiven(
  database: TablesDatabase,
  present: Buffer,
  newKeyFile: string | undefined,
  json: boolean | undefined,
): Promise<void> {
  if (newKeyFile === undefined) {
    throw new CommandFailure('KEY_ENCRYPTION_KEY is given by you, so say where the next one is: --new-key-file FILE.');
  }
  const next = readOrMakeKey(newKeyFile);
  await admitKey(database, present, next);
  print(
    json,
    { key: keyId(next), file: newKeyFile, retired: 0 },
    `Both keys open the database now. Restart each server with KEY_ENCRYPTION_KEY_FILE=${newKeyFile}, then run: KEY_ENCRYPTION_KEY_FILE=${newKeyFile} npx latchkey key retire`,
  );
}

function flushFolder(folder: string): void {
  const open = openSync(folder, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

function readOrMakeKey(file: string): Buffer {
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new CommandFailure((error as Error).message);
  }
  const key = parseKey(readFileSync(file, 'utf8'));
  if (!key) throw new CommandFailure(`${file} does not hold a 32-byte key in base64url.`);
  return key;
}

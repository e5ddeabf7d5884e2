import { startPostgres } from '@latchkey/database/testing';
import { startBare } from './bare-server.ts';
import type { Contender } from './contender.ts';
import type { Cores } from './cores.ts';
import { type LatchkeyOptions, startLatchkey } from './latchkey-server.ts';
import { signInVisitors } from './visitors.ts';

export interface Field extends AsyncDisposable {
  readonly bare: Contender;
  /** The first one is SQLite, new. */
  readonly ours: readonly Contender[];
}

export interface FieldOptions {
  readonly cores: Cores | undefined;
  readonly connections: number;
  readonly postgres: boolean;
  readonly stored: number;
  readonly onStart: (name: string) => void;
}

/** Every contender, started and signed in to. Another kind of ours is one more line here. */
export async function openField({ cores, connections, postgres, stored, onStart }: FieldOptions): Promise<Field> {
  await using opened = new AsyncDisposableStack();
  const open = async (name: string, options?: Omit<LatchkeyOptions, 'cores'>): Promise<Contender> => {
    onStart(name);
    const server = opened.use(options ? await startLatchkey({ cores, ...options }) : await startBare(cores));
    return { name, isFilled: options?.stored !== undefined, ...(await signInVisitors(server, connections)) };
  };

  const bare = await open('bare');
  const ours = [await open('SQLite', {})];
  if (stored > 0) ours.push(await open(`SQLite with ${stored.toLocaleString('en')} stored`, { stored }));
  if (postgres) {
    const databases = opened.use(await startPostgres());
    ours.push(await open('PostgreSQL', { databaseUrl: await databases.createDatabase() }));
  }
  const kept = opened.move();
  return { bare, ours, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

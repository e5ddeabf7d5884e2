import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const inTransaction = 20_000;
const months = 120 * 86_400_000;

/**
 * Puts grants with a refresh token each into the artifacts table, as large as those that are there already. Their ids
 * are random as real ones are, so that they lie anywhere in the indexes; nobody can open what is in them.
 *
 * @param count how many grants
 */
export function fillArtifacts(file: string, count: number): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -512000');
  const sealedLength = (model: string): number => {
    const row = database.prepare('SELECT max(length(sealed)) AS length FROM artifacts WHERE model = ?').get(model);
    if (typeof row?.length !== 'number') throw new Error(`nothing of the kind ${model} is there to take after`);
    return row.length;
  };
  const [grant, refreshToken] = [sealedLength('Grant'), sealedLength('RefreshToken')];
  const insert = database.prepare(
    'INSERT INTO artifacts (id_hash, model, sealed, grant_hash, expires_at) VALUES (?, ?, ?, ?, ?)',
  );
  const expires = Date.now() + months;

  for (let done = 0; done < count; done += inTransaction) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = done; index < Math.min(count, done + inTransaction); index++) {
      insert.run(digest(), 'Grant', sealed(grant), null, expires);
      insert.run(digest(), 'RefreshToken', sealed(refreshToken), digest(), expires);
    }
    database.exec('COMMIT');
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

function digest(): string {
  return randomBytes(32).toString('base64url');
}

function sealed(length: number): string {
  return `v1.${randomBytes(length).toString('base64url')}`.slice(0, length);
}

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads 32 bytes in base64url, or in base64 as other tools write it. Stray characters are not read over. */
export function parseKey(text: string): Buffer | undefined {
  const encoded = text.trim();
  return /^[\w+/-]{43}=?$/.test(encoded) ? Buffer.from(encoded, 'base64url') : undefined;
}

/**
 * The key-encryption key of the embedded default: made at the first start, readable by the owner alone, kept for ever.
 * Written aside and linked into place, so that of two programs that start at once both end with the same key.
 *
 * @throws when the file is there but does not hold a key: it is never overwritten, since all data hangs on it
 */
export function readOrCreateKeyFile(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const existing = read(path);
  if (existing) return existing;

  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const created = read(path);
  if (!created) throw new Error(`${path} could not be made`);
  return created;
}

function read(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const key = parseKey(text);
  if (!key) throw new Error(`${path} does not hold a 32-byte key in base64url; restore it from a backup`);
  return key;
}

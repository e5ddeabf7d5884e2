import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the demo client's secret lives; the authorization server and the demo client both read this file. */
export function clientSecretFile(dataDirectory: string): string {
  return join(dataDirectory, 'demo-client', 'client-secret');
}

/**
 * Makes the demo client's secret (256 random bits) at the first start and keeps it afterwards. Readable by its owner
 * only, and there either whole or not at all: it is written beside its place and linked into it.
 */
export function ensureClientSecret(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (statSync(file, { throwIfNoEntry: false })) return;

  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${randomBytes(32).toString('base64url')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    // NOTE: another launcher was faster; its secret is as good as ours.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

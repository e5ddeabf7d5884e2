import { isAbsolute, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** Takes relative paths from the project's root, so that every app and command sees the same folder. */
export function resolveFromRoot(path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}

export const defaultDataDirectory = join(root, 'data');

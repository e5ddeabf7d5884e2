import { createResourceServer } from '@latchkey/resource-server';
import { type GuardTask, resource, scope } from './guard-task.ts';

/** The kit with its defaults, and its token cache where the task says so. */
export function kitResourceServer({ issuer, guard }: GuardTask) {
  return createResourceServer({
    issuer,
    resource,
    realm: 'notes',
    scopes: { [scope]: 'Read notes' },
    ...(guard === 'kit with cache' && { tokenCache: { maxEntries: 1_000 } }),
  });
}

export const needs = { scopes: [scope] } as const;

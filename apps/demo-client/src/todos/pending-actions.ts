import { z } from 'zod';
import { seal, unseal } from '../session/sealing.ts';
import type { SessionKeys } from '../session/session-key.ts';
import type { PendingActions } from '../sign-in/pending-action.ts';
import type { AuthorizedFetch } from '../tokens/authorized-fetch.ts';
import { apiMethods } from './api-routes.ts';

const form = z.object({
  method: z.enum(['POST', 'PATCH', 'DELETE']),
  path: z.string().max(200),
  body: z.string().max(4_000).refine(isJsonObject).optional(),
});

export interface PendingActionsOptions {
  readonly apiUrl: string;
  readonly authorizedFetch: AuthorizedFetch;
  readonly keys: Pick<SessionKeys, 'seal'>;
}

const place = 'actor';
const actor = z.object({ sub: z.string() });

/** Writes that wait for the person's word: only those that this app makes anyway, and each once. */
export function createPendingActions({ apiUrl, authorizedFetch, keys }: PendingActionsOptions): PendingActions {
  return {
    markOf: (sub) => seal(keys.seal, place, { sub }),
    actorIn: (mark) =>
      typeof mark === 'string' ? actor.safeParse(unseal(keys.seal, place, mark)).data?.sub : undefined,

    read(sent) {
      const action = form.safeParse(sent).data;
      return action && apiMethods(action.path).includes(action.method) ? action : undefined;
    },

    async carryOut(session, { method, path, body }) {
      const url = new URL(path, apiUrl);
      const headers = new Headers({ Accept: 'application/json' });
      if (body !== undefined) headers.set('Content-Type', 'application/json');
      const outcome = await authorizedFetch(session, {
        url,
        method,
        headers,
        body: body === undefined ? undefined : new TextEncoder().encode(body),
      });
      if (outcome.kind !== 'answer') return 'not-done';
      await outcome.response.body?.cancel();
      if (outcome.response.ok) return 'done';
      return [401, 403].includes(outcome.response.status) ? 'still-not-allowed' : 'not-done';
    },
  };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

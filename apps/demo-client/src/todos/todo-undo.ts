import { z } from 'zod';
import { seal, unseal } from '../session/sealing.ts';
import type { SessionKeys } from '../session/session-key.ts';

/** What was deleted, as far as it can be brought back. */
const deletion = z.object({ title: z.string(), completed: z.boolean() });
export type Deletion = z.infer<typeof deletion>;

/** Carries what was deleted to the next page, in its address: readable for nobody, and good for this session alone. */
export interface TodoUndo {
  write(sessionId: string, deleted: Deletion): string;
  read(sessionId: string, token: string): Deletion | undefined;
}

export function createTodoUndo(keys: Pick<SessionKeys, 'seal'>): TodoUndo {
  const place = (sessionId: string) => `undo ${sessionId}`;
  return {
    write: (sessionId, deleted) => seal(keys.seal, place(sessionId), deleted),
    read: (sessionId, token) => deletion.safeParse(unseal(keys.seal, place(sessionId), token)).data,
  };
}

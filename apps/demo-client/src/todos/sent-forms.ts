import { lookupKey } from '../session/sealing.ts';
import type { SessionKeys } from '../session/session-key.ts';
import type { DemoClientDatabase } from '../tables.ts';

/** Each rendered form has an id of its own. A form that is sent twice is carried out once. */
export interface SentForms {
  /** @returns false when the form is being carried out, or was */
  begin(sessionId: string, formId: string): Promise<boolean>;
  done(sessionId: string, formId: string): Promise<void>;
  /** It did not work: the same form may be sent again. */
  undo(sessionId: string, formId: string): Promise<void>;
  sweep(): Promise<void>;
}

const keptMs = 24 * 60 * 60_000;
/** After this time, who began has died on the way. */
const abandonedMs = 60_000;

export function createSentForms(
  { query }: DemoClientDatabase,
  keys: Pick<SessionKeys, 'lookup'>,
  now: () => number,
): SentForms {
  const idOf = (sessionId: string, formId: string) => lookupKey(keys.lookup, 'form', `${sessionId} ${formId}`);

  return {
    async begin(sessionId, formId) {
      const at = now();
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('sent_forms')
        .values({ id_hash: idOf(sessionId, formId), state: 'sending', changed_at: at })
        .onConflict((conflict) =>
          conflict
            .column('id_hash')
            .doUpdateSet({ changed_at: at })
            .where('sent_forms.state', '=', 'sending')
            .where('sent_forms.changed_at', '<', at - abandonedMs),
        )
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async done(sessionId, formId) {
      await query
        .updateTable('sent_forms')
        .set({ state: 'done', changed_at: now() })
        .where('id_hash', '=', idOf(sessionId, formId))
        .execute();
    },
    async undo(sessionId, formId) {
      await query.deleteFrom('sent_forms').where('id_hash', '=', idOf(sessionId, formId)).execute();
    },
    async sweep() {
      await query
        .deleteFrom('sent_forms')
        .where('changed_at', '<', now() - keptMs)
        .execute();
    },
  };
}

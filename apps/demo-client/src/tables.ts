import type { Database } from '@latchkey/database';

/** The columns of `db/demo-client/`, as Kysely knows them. Each table is read and written by one room only. */
export interface Tables {
  sessions: SessionsTable;
  sign_ins: SignInsTable;
  logout_tokens: LogoutTokensTable;
  sent_forms: SentFormsTable;
}

export type DemoClientDatabase = Database<Tables>;

export interface SessionsTable {
  id_hash: string;
  sub_hash: string;
  sid_hash: string | null;
  sealed: string;
  version: number;
  lease: string | null;
  lease_ends_at: number | null;
  refresh_mode: 'hybrid' | 'proactive' | 'reactive' | null;
  created_at: number;
  idle_ends_at: number;
  ends_at: number;
}

interface SignInsTable {
  id_hash: string;
  binding_hash: string;
  sealed: string;
  created_at: number;
  ends_at: number;
}

interface LogoutTokensTable {
  jti_hash: string;
  ends_at: number;
}

interface SentFormsTable {
  id_hash: string;
  state: 'sending' | 'done';
  changed_at: number;
}

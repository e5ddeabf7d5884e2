/** The columns of `db/authorization-server/`, as Kysely knows them. Each table is read and written by one room only. */
export interface Tables {
  accounts: AccountsTable;
  artifacts: ArtifactsTable;
  audit_events: AuditEventsTable;
  clients: ClientsTable;
  consents: ConsentsTable;
  session_aliases: SessionAliasesTable;
  session_grants: SessionGrantsTable;
  sessions: SessionsTable;
  signing_keys: SigningKeysTable;
}

export interface AccountsTable {
  id: string;
  username: string;
  name: string;
  email: string;
  password_hash: string;
  grantable_scope: string;
  disabled_at: number | null;
  created_at: number;
  updated_at: number;
}

export interface ArtifactsTable {
  id_hash: string;
  model: string;
  sealed: string;
  grant_hash: string | null;
  lookup_hash: string | null;
  consumed_at: number | null;
  expires_at: number | null;
}

export interface AuditEventsTable {
  id: string;
  name: string;
  account_id: string | null;
  client_id: string | null;
  detail: string;
  occurred_at: number;
}

export interface ClientsTable {
  id: string;
  metadata: string;
  secret_hash: string | null;
  registered_by: string;
  created_at: number;
  updated_at: number;
}

export interface ConsentsTable {
  account_id: string;
  client_id: string;
  resource: string;
  scope: string;
  decision: string;
  decided_at: number;
}

export interface SessionAliasesTable {
  id_hash: string;
  uid_hash: string;
  generation: number;
  retired_at: number | null;
}

export interface SessionGrantsTable {
  session_hash: string;
  client_id: string;
  account_id: string;
  grant_id: string;
  created_at: number;
}

export interface SessionsTable {
  uid_hash: string;
  sealed: string | null;
  account_hash: string | null;
  expires_at: number;
  ended_at: number | null;
}

export interface SigningKeysTable {
  kid: string;
  algorithm: string;
  state: string;
  sealed: string;
  created_at: number;
}

import { type Database, type OutageListener, openDatabase } from '@latchkey/database';
import { resolveFromRoot } from '@latchkey/settings';

export type TablesDatabase = Database<Tables>;

export interface TablesPlace {
  /** PostgreSQL; undefined for the embedded database. */
  readonly databaseUrl?: string | undefined;
  readonly databaseFile: string;
}

/** @throws {DatabaseTooNewError} when a newer program has written it */
export function openTables(
  { databaseUrl, databaseFile }: TablesPlace,
  onOutage?: OutageListener,
): Promise<TablesDatabase> {
  return openDatabase<Tables>({
    url: databaseUrl,
    file: databaseFile,
    migrations: resolveFromRoot('db/authorization-server'),
    ...(onOutage ? { onOutage } : {}),
  });
}

/** The columns of `db/authorization-server/`, as Kysely knows them. Each table is read and written by one room only. */
export interface Tables {
  accounts: AccountsTable;
  artifacts: ArtifactsTable;
  audit_events: AuditEventsTable;
  clients: ClientsTable;
  consents: ConsentsTable;
  data_keys: DataKeysTable;
  leases: LeasesTable;
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

interface ArtifactsTable {
  id_hash: string;
  model: string;
  sealed: string;
  grant_hash: string | null;
  lookup_hash: string | null;
  consumed_at: number | null;
  expires_at: number | null;
  spent_with: string | null;
}

interface AuditEventsTable {
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

interface ConsentsTable {
  account_id: string;
  client_id: string;
  resource: string;
  scope: string;
  decision: string;
  decided_at: number;
}

interface DataKeysTable {
  version: number;
  kek_id: string;
  sealed: string;
  created_at: number;
}

interface LeasesTable {
  name: string;
  holder: string;
  ends_at: number;
}

interface SessionAliasesTable {
  id_hash: string;
  uid_hash: string;
  generation: number;
  retired_at: number | null;
}

interface SessionGrantsTable {
  session_hash: string;
  client_id: string;
  account_id: string;
  grant_id: string;
  created_at: number;
  expires_at: number | null;
}

interface SessionsTable {
  uid_hash: string;
  sealed: string | null;
  account_hash: string | null;
  expires_at: number;
  ended_at: number | null;
}

interface SigningKeysTable {
  kid: string;
  algorithm: string;
  state: string;
  sealed: string;
  created_at: number;
}

/**
 * Clients: what was registered, by whom, and the rules of a registration. Both doors, the operator's command line and
 * dynamic registration, come through here. What a client may do with a token belongs to the provider.
 */
import type { ClientsTable, TablesDatabase } from '../tables.ts';
import { joinScope, splitScope } from './client-scopes.ts';
import { generateClientSecret, hashClientSecret } from './client-secrets.ts';
import type { RegisteredBy } from './redirect-uris.ts';
import { clientIdProblems, type Registration, registrationProblems } from './registration-rules.ts';
import { withoutBadUris } from './stored-uris.ts';

export interface RegisteredClient {
  readonly id: string;
  readonly registeredBy: RegisteredBy;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** RFC 7591 member names, without the secret. */
  readonly metadata: Registration;
}

export interface Clients {
  /** Registers a client on an operator's word. The secret is in the answer this once, and nowhere else. */
  add(registration: Registration, clientId?: string): Promise<Registration>;
  /** The same under an id of the operator's choice, or nothing where a client has it already: that one stays as it is. */
  addNew(registration: Registration, clientId: string): Promise<Registration | undefined>;
  find(id: string): Promise<RegisteredClient | undefined>;
  list(): Promise<RegisteredClient[]>;
  /** Its tokens, and what people allowed it, end with it. */
  remove(id: string): Promise<boolean>;
  /**
   * For the engine: the metadata with the secret's hash in the secret's place. Asked of the database each time, so that
   * a change holds at once; as long as nothing has changed it is the very same object.
   */
  stored(id: string): Promise<Registration | undefined>;
  /** For the engine: stores what it has checked, hashing the secret if it is a new one. */
  store(id: string, metadata: Registration): Promise<void>;
  /** The same for a client that is there. @returns false, and nothing has happened, if it has been removed */
  replace(id: string, metadata: Registration): Promise<boolean>;
}

export class RegistrationProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.name = 'RegistrationProblems';
    this.problems = problems;
  }
}

export function createClients(
  { query, prepare, transact }: TablesDatabase,
  onBadUri: (clientId: string, member: string) => void,
): Clients {
  const byId = prepare(({ id }: { id: string }) => query.selectFrom('clients').selectAll().where('id', '=', id));
  // NOTE: strangers choose what is looked up, and PostgreSQL takes no text with a zero in it.
  const row = async (id: string) => (id.includes('\0') ? undefined : (await byId({ id })).rows[0]);
  const read = new Map<string, ReadClient>();

  const valuesOf = ({ client_secret: secret, ...metadata }: Registration) => ({
    metadata: JSON.stringify(metadata),
    secret_hash: typeof secret === 'string' ? hashClientSecret(secret) : null,
    updated_at: Date.now(),
  });

  /** @returns whether it was written: a client that is there already stays as it is, unless it may be replaced */
  const write = async (id: string, metadata: Registration, registeredBy: RegisteredBy, replace = true) => {
    const values = valuesOf(metadata);
    const { numInsertedOrUpdatedRows } = await query
      .insertInto('clients')
      .values({ id, registered_by: registeredBy, created_at: values.updated_at, ...values })
      .onConflict((conflict) => {
        const known = conflict.column('id');
        return replace ? known.doUpdateSet(values) : known.doNothing();
      })
      .executeTakeFirst();
    return Boolean(numInsertedOrUpdatedRows);
  };

  return {
    async add(registration, clientId = crypto.randomUUID()) {
      const metadata = completed(registration, clientId);
      await write(clientId, metadata, 'operator');
      return joinScope(metadata);
    },
    async addNew(registration, clientId) {
      const metadata = completed(registration, clientId);
      return (await write(clientId, metadata, 'operator', false)) ? joinScope(metadata) : undefined;
    },
    async find(id) {
      const found = await row(id);
      return found && present(found);
    },
    async list() {
      const rows = await query.selectFrom('clients').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(present);
    },
    async remove(id) {
      return transact(async (transaction) => {
        const { numDeletedRows } = await transaction.deleteFrom('clients').where('id', '=', id).executeTakeFirst();
        await transaction.deleteFrom('consents').where('client_id', '=', id).execute();
        await transaction.deleteFrom('session_grants').where('client_id', '=', id).execute();
        return numDeletedRows > 0n;
      });
    },
    async stored(id) {
      const found = await row(id);
      if (!found) return undefined;
      const known = read.get(id);
      if (known?.row.metadata === found.metadata && known.row.secret_hash === found.secret_hash) return known.stored;
      const metadata = withoutBadUris(JSON.parse(found.metadata), (member) => onBadUri(id, member));
      const stored = found.secret_hash ? { ...metadata, client_secret: found.secret_hash } : metadata;
      read.delete(id);
      read.set(id, { row: found, stored });
      const [oldest] = read.keys();
      if (read.size > mostRead && oldest !== undefined) read.delete(oldest);
      return stored;
    },
    async store(id, metadata) {
      await write(id, metadata, 'anonymous');
    },
    async replace(id, metadata) {
      const { numUpdatedRows } = await query
        .updateTable('clients')
        .set(valuesOf(metadata))
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
}

interface ReadClient {
  readonly row: ClientsTable;
  readonly stored: Registration;
}

/** Clients whose metadata is kept as it was last read. */
const mostRead = 2_000;

/**
 * What an operator left out, put in.
 *
 * @throws {RegistrationProblems}
 */
function completed(registration: Registration, clientId: string): Registration {
  const problems = [...clientIdProblems(clientId), ...registrationProblems(registration, 'operator')];
  if (problems.length > 0) throw new RegistrationProblems(problems);
  const metadata: Registration = {
    ...registration,
    client_id: clientId,
    client_id_issued_at: Math.floor(Date.now() / 1000),
    token_endpoint_auth_method: registration.token_endpoint_auth_method ?? 'client_secret_basic',
    grant_types: registration.grant_types ?? ['authorization_code', 'refresh_token'],
    redirect_uris: registration.redirect_uris ?? [],
  };
  metadata.response_types = (metadata.grant_types as string[]).includes('authorization_code') ? ['code'] : [];
  if (needsSecret(metadata) && typeof metadata.client_secret !== 'string') {
    metadata.client_secret = generateClientSecret();
    metadata.client_secret_expires_at = 0;
  }
  return splitScope(metadata);
}

function needsSecret({ token_endpoint_auth_method: method }: Registration): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

function present(row: ClientsTable): RegisteredClient {
  return {
    id: row.id,
    registeredBy: row.registered_by === 'operator' ? 'operator' : 'anonymous',
    createdAt: row.created_at,
    metadata: joinScope(JSON.parse(row.metadata)),
  };
}

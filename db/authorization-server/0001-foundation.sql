-- Times are epoch milliseconds. Text columns that end in _hash hold keyed digests, those named sealed hold ciphertext.

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  grantable_scope TEXT NOT NULL,
  disabled_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE clients (
  id TEXT PRIMARY KEY,
  metadata TEXT NOT NULL,
  secret_hash TEXT,
  registered_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- What a person decided about a client, scope by scope. The empty resource stands for OpenID Connect's own scopes.
CREATE TABLE consents (
  account_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  resource TEXT NOT NULL,
  scope TEXT NOT NULL,
  decision TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, client_id, resource, scope)
);

CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY,
  algorithm TEXT NOT NULL,
  state TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (algorithm, state)
);

-- The engine's artifacts: codes, tokens, grants, interactions. The id is a keyed digest, the payload is sealed under it.
CREATE TABLE artifacts (
  id_hash TEXT PRIMARY KEY,
  model TEXT NOT NULL,
  sealed TEXT NOT NULL,
  grant_hash TEXT,
  lookup_hash TEXT,
  consumed_at BIGINT,
  expires_at BIGINT
);
CREATE INDEX artifacts_by_grant ON artifacts (grant_hash) WHERE grant_hash IS NOT NULL;
CREATE INDEX artifacts_by_lookup ON artifacts (lookup_hash) WHERE lookup_hash IS NOT NULL;
CREATE INDEX artifacts_by_expiry ON artifacts (expires_at) WHERE expires_at IS NOT NULL;

-- A session is one row however many tabs write to it; the ids that cookies carry lead to it. A session that has ended
-- keeps its row, emptied, until it would have expired: a request that was still running cannot bring it back.
CREATE TABLE sessions (
  uid_hash TEXT PRIMARY KEY,
  sealed TEXT,
  account_hash TEXT,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_hash) WHERE account_hash IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE session_aliases (
  id_hash TEXT PRIMARY KEY,
  uid_hash TEXT NOT NULL REFERENCES sessions (uid_hash) ON DELETE CASCADE,
  generation BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE INDEX session_aliases_by_session ON session_aliases (uid_hash);

-- One grant for each session and client, whichever tab asks first.
CREATE TABLE session_grants (
  session_hash TEXT NOT NULL,
  client_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  grant_id TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (session_hash, client_id, account_id)
);

CREATE TABLE audit_events (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  account_id TEXT,
  client_id TEXT,
  detail TEXT NOT NULL,
  occurred_at BIGINT NOT NULL
);
CREATE INDEX audit_events_by_time ON audit_events (occurred_at);

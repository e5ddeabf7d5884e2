-- What a spent refresh token was spent with: a digest of client, key and parameters. Only the same request may come again.
ALTER TABLE artifacts ADD COLUMN spent_with TEXT;

-- A grant's name outlives no grant.
ALTER TABLE session_grants ADD COLUMN expires_at BIGINT;
CREATE INDEX session_grants_by_expiry ON session_grants (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX session_grants_by_account ON session_grants (account_id, client_id);

-- The key that everything else is sealed under, itself sealed under each key-encryption key that may open it.
CREATE TABLE data_keys (
  version BIGINT NOT NULL,
  kek_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (version, kek_id)
);

-- Work that one replica does for all of them.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);

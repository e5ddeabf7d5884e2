-- Times are epoch milliseconds. Columns that end in _hash hold keyed digests, those named sealed hold ciphertext.

-- Somebody who is signed in. The id is a digest of the cookie's value; the version grows with each set of tokens, and
-- who renews them holds the lease until it ends.
CREATE TABLE sessions (
  id_hash TEXT PRIMARY KEY,
  sub_hash TEXT NOT NULL,
  sid_hash TEXT,
  sealed TEXT NOT NULL,
  version INTEGER NOT NULL,
  lease TEXT,
  lease_ends_at BIGINT,
  created_at BIGINT NOT NULL,
  idle_ends_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_sub ON sessions (sub_hash);
CREATE INDEX sessions_by_sid ON sessions (sid_hash) WHERE sid_hash IS NOT NULL;
CREATE INDEX sessions_by_idle_end ON sessions (idle_ends_at);

-- A sign-in on its way: from our redirect to the callback, once.
CREATE TABLE sign_ins (
  id_hash TEXT PRIMARY KEY,
  binding_hash TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_end ON sign_ins (ends_at);

-- Logout tokens that were obeyed already.
CREATE TABLE logout_tokens (
  jti_hash TEXT PRIMARY KEY,
  ends_at BIGINT NOT NULL
);
CREATE INDEX logout_tokens_by_end ON logout_tokens (ends_at);

-- Forms that were sent already, so that a form sent twice adds one todo.
CREATE TABLE sent_forms (
  id_hash TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX sent_forms_by_change ON sent_forms (changed_at);

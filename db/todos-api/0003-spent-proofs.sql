-- DPoP proofs that were presented (RFC 9449, section 11.1), by digest, until they could not pass anyway.
CREATE TABLE spent_proofs (
  key TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE INDEX spent_proofs_by_end ON spent_proofs (expires_at);

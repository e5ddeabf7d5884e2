-- Times are milliseconds since the epoch. `position` counts up for each owner and gives their list its order, also
-- where two todos were made in the same millisecond or the clock was set back; the id decides where it is equal.
CREATE TABLE todos (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  completed SMALLINT NOT NULL CHECK (completed IN (0, 1)),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX todos_of_owner ON todos (owner, position, id);
CREATE INDEX todos_by_age ON todos (created_at, id);

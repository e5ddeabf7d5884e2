-- When this session's tokens are renewed, where its person has chosen so; NULL for what the operator has set.
ALTER TABLE sessions ADD COLUMN refresh_mode TEXT;

-- Until now nothing said when a grant ends. Longer than any of them lives; the next authorization says it exactly.
UPDATE session_grants SET expires_at = created_at + 34560000000 WHERE expires_at IS NULL;

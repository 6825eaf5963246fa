-- What is looked for by time. A credential of which it is not known when it was renewed comes first, and
-- one that never is does not come at all.

ALTER TABLE ${prefix}credential ADD COLUMN IF NOT EXISTS unrenewed_since TIMESTAMP(6) WITH TIME ZONE
  GENERATED ALWAYS AS (CASE WHEN renewal_version = version THEN renewed_at
    ELSE TIMESTAMP WITH TIME ZONE '0001-01-01 00:00:00+00' END);

CREATE INDEX IF NOT EXISTS ${name}credential_unrenewed
  ON ${prefix}credential (slot, unrenewed_since, connection_id);

-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 1 goes on.
--
-- Who may replace a credential. A lease runs until expires_at, by the clock of the database; one
-- that was given back has run out and belongs to ''. The mark is the version of the credential that
-- the last owner was about to replace, while what came of that is not known, else -1.

CREATE TABLE IF NOT EXISTS ${prefix}lease (
  connection_id VARCHAR(200) NOT NULL REFERENCES ${prefix}connection (id) ON DELETE CASCADE,
  slot VARCHAR(200) NOT NULL,
  owner VARCHAR(100) NOT NULL,
  mark BIGINT NOT NULL,
  expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (connection_id, slot)
);

-- The scopes that the service granted to a connection, joined by blanks. A table of its own, because
-- on H2 several threads cannot add a column at once.
CREATE TABLE IF NOT EXISTS ${prefix}connection_scopes (
  connection_id VARCHAR(200) PRIMARY KEY
    REFERENCES ${prefix}connection (id) ON DELETE CASCADE,
  granted_scopes VARCHAR NOT NULL
);

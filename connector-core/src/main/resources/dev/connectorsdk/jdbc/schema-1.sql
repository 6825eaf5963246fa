-- ${prefix} becomes the store's table prefix, with the schema in front if there is one; ${name} that of
-- indexes and constraints, before which PostgreSQL takes no schema.
--
-- On H2 every statement may run again, and in several threads at once: it cannot take back what a
-- start that broke off has done. Two CREATE INDEX IF NOT EXISTS at once fail there, so what serves
-- as an index is a unique key of the table, made unique by the primary key at its end.

CREATE TABLE IF NOT EXISTS ${prefix}connection (
  id VARCHAR(200) PRIMARY KEY,
  connector VARCHAR(200) NOT NULL,
  environment VARCHAR(200) NOT NULL,
  owner VARCHAR(210) NOT NULL,
  display_name VARCHAR NOT NULL,
  auth_option VARCHAR NOT NULL,
  parameters VARCHAR NOT NULL,
  status VARCHAR(40) NOT NULL,
  status_reason VARCHAR(40),
  status_message VARCHAR,
  status_since TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  account_id VARCHAR,
  account_name VARCHAR,
  credential_expires_at TIMESTAMP(6) WITH TIME ZONE,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (environment, owner, connector, id)
);

CREATE TABLE IF NOT EXISTS ${prefix}credential (
  connection_id VARCHAR(200) NOT NULL REFERENCES ${prefix}connection (id) ON DELETE CASCADE,
  slot VARCHAR(200) NOT NULL,
  version BIGINT NOT NULL,
  key_id VARCHAR(100) NOT NULL,
  ciphertext VARCHAR NOT NULL,
  PRIMARY KEY (connection_id, slot),
  UNIQUE (key_id, connection_id, slot)
);

-- A binding outlives its connection, so that a deleted one is told from one that never was.
-- The principal is '' where the binding holds for everybody.
CREATE TABLE IF NOT EXISTS ${prefix}binding (
  environment VARCHAR(200) NOT NULL,
  logical_name VARCHAR(200) NOT NULL,
  principal VARCHAR(210) NOT NULL,
  connector VARCHAR(200) NOT NULL,
  connection_id VARCHAR(200) NOT NULL,
  PRIMARY KEY (environment, logical_name, principal)
);

CREATE TABLE IF NOT EXISTS ${prefix}ticket (
  id VARCHAR(200) PRIMARY KEY,
  ciphertext VARCHAR NOT NULL,
  expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- One row at most, with the id 1.
CREATE TABLE IF NOT EXISTS ${prefix}key_check (
  id INTEGER PRIMARY KEY,
  check_value VARCHAR NOT NULL
);

-- The orders in which administrators list connections, which PostgreSQL has since version 8.

CREATE INDEX IF NOT EXISTS ${name}connection_created ON ${prefix}connection (created_at, id);
CREATE INDEX IF NOT EXISTS ${name}connection_created_in
  ON ${prefix}connection (environment, created_at, id);
CREATE INDEX IF NOT EXISTS ${name}connection_owner ON ${prefix}connection (owner, id);
CREATE INDEX IF NOT EXISTS ${name}connection_owner_in
  ON ${prefix}connection (environment, owner, id);
CREATE INDEX IF NOT EXISTS ${name}connection_connector ON ${prefix}connection (connector, id);
CREATE INDEX IF NOT EXISTS ${name}connection_connector_in
  ON ${prefix}connection (environment, connector, id);

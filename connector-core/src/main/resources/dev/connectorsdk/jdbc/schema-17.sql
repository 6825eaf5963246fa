-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- What references lead to a connection: what uses it.

CREATE INDEX IF NOT EXISTS ${name}reference_binding_connection
  ON ${prefix}reference_binding (connection_id, environment);

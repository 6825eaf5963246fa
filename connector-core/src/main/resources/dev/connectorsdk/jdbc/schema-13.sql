-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- Gateways to inside networks, each as JSON; and the processes that hold lines to their members, by
-- the clock of the database.

CREATE TABLE IF NOT EXISTS ${prefix}gateway (
  id VARCHAR(100) PRIMARY KEY,
  version BIGINT NOT NULL,
  gateway VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS ${prefix}gateway_node (
  id VARCHAR(100) PRIMARY KEY,
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  lines VARCHAR NOT NULL
);

-- Through which gateway a connection leads. Its credentials are bound to that, so that code that does
-- not know of gateways reads none of them, and sends nothing past the gateway.

CREATE TABLE IF NOT EXISTS ${prefix}connection_gateway (
  connection_id VARCHAR(200) PRIMARY KEY
    REFERENCES ${prefix}connection (id) ON DELETE CASCADE,
  gateway VARCHAR(100) NOT NULL
);

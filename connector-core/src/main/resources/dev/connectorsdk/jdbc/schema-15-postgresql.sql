-- ${prefix} becomes the store's table prefix.
--
-- Connections that wait for their first test are found by their gateway. An index on the status would
-- have each change of a status write to all indexes.

CREATE INDEX IF NOT EXISTS ${name}connection_gateway_of
  ON ${prefix}connection_gateway (gateway, connection_id);

-- ${prefix} becomes the store's table prefix.
--
-- Connections that wait for their first test are few among many.

CREATE INDEX IF NOT EXISTS ${prefix}connection_untested
  ON ${prefix}connection (id) WHERE status_reason = 'NOT_TESTED';

-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on: to it the
-- status of a disabled connection is one that it does not know, and it leaves such connections alone.
--
-- Who has disabled a connection, and the status that it has apart from that. The status of its own row
-- says that it is disabled.

CREATE TABLE IF NOT EXISTS ${prefix}connection_disabled (
  connection_id VARCHAR(200) PRIMARY KEY
    REFERENCES ${prefix}connection (id) ON DELETE CASCADE,
  disabled_by VARCHAR(210) NOT NULL,
  status VARCHAR(40) NOT NULL,
  status_reason VARCHAR(40),
  status_message VARCHAR,
  status_since TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- Which process of a gateway's member holds lines, wherever these end, each as JSON.

CREATE TABLE IF NOT EXISTS ${prefix}gateway_presence (
  gateway VARCHAR(100) NOT NULL,
  member VARCHAR(100) NOT NULL,
  version BIGINT NOT NULL,
  presence VARCHAR NOT NULL,
  PRIMARY KEY (gateway, member)
);

-- Through which gateway what is recorded went, or was to go. Most records have none, and no row here.

CREATE TABLE IF NOT EXISTS ${prefix}audit_gateway (
  run VARCHAR(100) NOT NULL,
  number BIGINT NOT NULL,
  gateway VARCHAR(100) NOT NULL,
  PRIMARY KEY (run, number),
  UNIQUE (gateway, run, number),
  FOREIGN KEY (run, number) REFERENCES ${prefix}audit_record (run, number) ON DELETE CASCADE
);

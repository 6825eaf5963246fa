-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- What was done, and by whom: rows are added, never changed. Texts that do not apply are NULL.

CREATE TABLE IF NOT EXISTS ${prefix}audit_record (
  run VARCHAR(100) NOT NULL,
  number BIGINT NOT NULL,
  ended_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  kind VARCHAR(20) NOT NULL,
  principal VARCHAR(300),
  on_behalf_of VARCHAR(300),
  environment VARCHAR(200),
  flow VARCHAR(200),
  connector VARCHAR(200),
  operation VARCHAR,
  effect VARCHAR(40),
  connection_id VARCHAR(200),
  account VARCHAR,
  origin VARCHAR,
  allowed BOOLEAN NOT NULL,
  rule_text VARCHAR NOT NULL,
  result VARCHAR NOT NULL,
  took_nanos BIGINT NOT NULL,
  PRIMARY KEY (run, number),
  UNIQUE (ended_at, run, number),
  UNIQUE (connection_id, ended_at, run, number),
  UNIQUE (principal, ended_at, run, number)
);

-- When all records of a run were stored last.

CREATE TABLE IF NOT EXISTS ${prefix}audit_run (
  id VARCHAR(100) PRIMARY KEY,
  seen_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ended BOOLEAN NOT NULL
);

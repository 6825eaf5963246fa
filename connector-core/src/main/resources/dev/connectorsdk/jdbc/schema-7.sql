-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- What administrators allow: each policy as JSON.

CREATE TABLE IF NOT EXISTS ${prefix}data_policy (
  name VARCHAR(200) PRIMARY KEY,
  version BIGINT NOT NULL,
  policy VARCHAR NOT NULL
);

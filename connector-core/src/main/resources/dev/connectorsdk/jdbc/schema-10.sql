-- ${prefix} becomes the store's table prefix. It only adds.
--
-- Connectors that are data: public ones, whose environment is '', and custom ones. By the digest another
-- content is noticed.

CREATE TABLE IF NOT EXISTS ${prefix}definition (
  connector VARCHAR(200) NOT NULL,
  environment VARCHAR(200) NOT NULL,
  version BIGINT NOT NULL,
  digest VARCHAR(100) NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (connector, environment)
);

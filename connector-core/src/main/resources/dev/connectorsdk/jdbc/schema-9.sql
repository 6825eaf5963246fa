-- ${prefix} becomes the store's table prefix. It only adds.
--
-- What the run-only users of one flow get under an embedded reference: they use the flow's connection,
-- where connection_id is not '' that one alone, until ends_at, or each brings an own one. Operations are
-- ids, one on a line; '' means all.

CREATE TABLE IF NOT EXISTS ${prefix}run_only_share (
  environment VARCHAR(200) NOT NULL,
  principal VARCHAR(210) NOT NULL,
  logical_name VARCHAR(200) NOT NULL,
  source VARCHAR(20) NOT NULL,
  flow_owner VARCHAR(210) NOT NULL,
  flow_id VARCHAR(200) NOT NULL,
  uses BOOLEAN NOT NULL,
  connection_id VARCHAR(200) NOT NULL,
  operations VARCHAR NOT NULL,
  ends_at TIMESTAMP(6) WITH TIME ZONE,
  shared_by VARCHAR(210) NOT NULL,
  PRIMARY KEY (environment, principal, logical_name, source, flow_owner, flow_id)
);

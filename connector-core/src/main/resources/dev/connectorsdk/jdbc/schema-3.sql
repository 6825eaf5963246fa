-- ${prefix} becomes the store's table prefix. It only adds: the table of bindings of version 2 stays as
-- it is, and is not read any more.
--
-- The connection that a reference leads to. The principal is the owner of an embedded reference, or
-- the caller who chose a connection for an invoker reference. The flow's owner is '' where a binding
-- holds everywhere, and the flow '' where it holds in all flows of that owner.

CREATE TABLE IF NOT EXISTS ${prefix}reference_binding (
  environment VARCHAR(200) NOT NULL,
  principal VARCHAR(210) NOT NULL,
  logical_name VARCHAR(200) NOT NULL,
  source VARCHAR(20) NOT NULL,
  flow_owner VARCHAR(210) NOT NULL,
  flow_id VARCHAR(200) NOT NULL,
  connector VARCHAR(200) NOT NULL,
  connection_id VARCHAR(200) NOT NULL,
  PRIMARY KEY (environment, principal, logical_name, source, flow_owner, flow_id)
);

-- Who may use a reference besides its owner.
CREATE TABLE IF NOT EXISTS ${prefix}reference_grant (
  environment VARCHAR(200) NOT NULL,
  principal VARCHAR(210) NOT NULL,
  logical_name VARCHAR(200) NOT NULL,
  source VARCHAR(20) NOT NULL,
  grantee VARCHAR(210) NOT NULL,
  PRIMARY KEY (environment, principal, logical_name, source, grantee)
);

-- What was bound for everybody belongs to the owner of the connection from now on. Where there is no
-- such connection, nobody can be named.
INSERT INTO ${prefix}reference_binding
  (environment, principal, logical_name, source, flow_owner, flow_id, connector, connection_id)
SELECT b.environment, c.owner, b.logical_name, 'EMBEDDED', '', '', b.connector, b.connection_id
FROM ${prefix}binding b
JOIN ${prefix}connection c ON c.id = b.connection_id AND c.environment = b.environment
WHERE b.principal = '' AND c.owner NOT LIKE 'group:%' AND NOT EXISTS (
  SELECT 1 FROM ${prefix}reference_binding r
  WHERE r.environment = b.environment AND r.principal = c.owner
    AND r.logical_name = b.logical_name AND r.source = 'EMBEDDED');

INSERT INTO ${prefix}reference_binding
  (environment, principal, logical_name, source, flow_owner, flow_id, connector, connection_id)
SELECT b.environment, b.principal, b.logical_name, 'INVOKER', '', '', b.connector, b.connection_id
FROM ${prefix}binding b
WHERE b.principal <> '' AND b.principal NOT LIKE 'group:%' AND NOT EXISTS (
  SELECT 1 FROM ${prefix}reference_binding r
  WHERE r.environment = b.environment AND r.principal = b.principal
    AND r.logical_name = b.logical_name AND r.source = 'INVOKER');

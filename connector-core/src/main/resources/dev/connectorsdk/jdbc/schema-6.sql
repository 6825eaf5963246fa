-- ${prefix} becomes the store's table prefix. It only adds: the table of grants of version 3 stays as it
-- is, and is not read any more.
--
-- Who may do what with a connection, whose id is the name, or, where there is an owner, with the
-- embedded reference of that owner and name. A grant without ends_at has no end.

CREATE TABLE IF NOT EXISTS ${prefix}access_grant (
  name VARCHAR(200) NOT NULL,
  owner VARCHAR(210) NOT NULL,
  environment VARCHAR(200) NOT NULL,
  grantee VARCHAR(210) NOT NULL,
  access_right VARCHAR(40) NOT NULL,
  grantor VARCHAR(210) NOT NULL,
  ends_at TIMESTAMP(6) WITH TIME ZONE,
  PRIMARY KEY (name, owner, environment, grantee)
);

INSERT INTO ${prefix}access_grant
  (name, owner, environment, grantee, access_right, grantor, ends_at)
SELECT g.logical_name, g.principal, g.environment, g.grantee, 'USE', g.principal, NULL
FROM ${prefix}reference_grant g
WHERE g.source = 'EMBEDDED' AND NOT EXISTS (
  SELECT 1 FROM ${prefix}access_grant a
  WHERE a.name = g.logical_name AND a.owner = g.principal AND a.environment = g.environment
    AND a.grantee = g.grantee);

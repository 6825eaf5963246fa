-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- What was granted to somebody, and the connections of one owner in the order in which they are listed.

CREATE INDEX IF NOT EXISTS ${name}access_grant_grantee
  ON ${prefix}access_grant (environment, grantee, owner, name);

CREATE INDEX IF NOT EXISTS ${name}connection_owner_created
  ON ${prefix}connection (environment, owner, created_at, id);

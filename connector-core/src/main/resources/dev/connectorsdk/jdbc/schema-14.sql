-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- When a credential was last renewed, beside its ciphertext: NULL if it never is. It is not known at all
-- unless renewal_version is the version of the credential, so that what was noted of one that older code
-- has replaced since counts no more.

-- What is granted in an environment, where connections are offered to those they are shared with, and
-- which connections have an end. These indexes come first because deletions lock in this order: a node
-- that writes meanwhile and this script would otherwise wait for each other.

CREATE INDEX IF NOT EXISTS ${name}access_grant_environment ON ${prefix}access_grant (environment);

CREATE INDEX IF NOT EXISTS ${name}connection_expires
  ON ${prefix}connection (credential_expires_at, id);

ALTER TABLE ${prefix}credential ADD COLUMN IF NOT EXISTS renewal_version BIGINT;

ALTER TABLE ${prefix}credential ADD COLUMN IF NOT EXISTS renewed_at TIMESTAMP(6) WITH TIME ZONE;

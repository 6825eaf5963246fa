-- ${prefix} becomes the store's table prefix. It only adds, so that code for version 3 goes on.
--
-- When a credential was last renewed, beside its ciphertext: NULL if it never is. It is not known at all
-- unless renewal_version is the version of the credential, so that what was noted of one that older code
-- has replaced since counts no more.

ALTER TABLE ${prefix}credential ADD COLUMN IF NOT EXISTS renewal_version BIGINT;

ALTER TABLE ${prefix}credential ADD COLUMN IF NOT EXISTS renewed_at TIMESTAMP(6) WITH TIME ZONE;

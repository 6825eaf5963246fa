-- ${prefix} becomes the store's table prefix. It changes indexes alone, so that code for version 3 goes
-- on.
--
-- Each row that is stored is written to each index, and compared with those that it must differ from.
-- So audit records have as few and as narrow ones as look-ups need; that a record is stored once the
-- primary key sees to. The constraints have names that the database has made up.

DO $$ BEGIN EXECUTE (
  SELECT COALESCE(
    string_agg(format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname), '; '),
    'SELECT')
  FROM pg_constraint
  WHERE conrelid = '${prefix}audit_record'::regclass AND contype = 'u'
); END $$;

DROP INDEX IF EXISTS ${prefix}audit_record_environment;

CREATE INDEX IF NOT EXISTS ${name}audit_record_time ON ${prefix}audit_record (ended_at);
CREATE INDEX IF NOT EXISTS ${name}audit_record_place
  ON ${prefix}audit_record (environment, ended_at);
CREATE INDEX IF NOT EXISTS ${name}audit_record_who ON ${prefix}audit_record (principal, ended_at);
CREATE INDEX IF NOT EXISTS ${name}audit_record_connection
  ON ${prefix}audit_record (connection_id, ended_at);

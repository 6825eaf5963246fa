-- ${prefix} becomes the store's table prefix.
--
-- What an administrator of one environment looks for.

CREATE INDEX IF NOT EXISTS ${name}audit_record_environment
  ON ${prefix}audit_record (environment, ended_at, run, number);

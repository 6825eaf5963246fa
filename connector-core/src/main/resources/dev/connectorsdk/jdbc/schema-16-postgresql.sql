-- What was changed, by whomever, so that other processes read it again. Noted by triggers: code for
-- earlier versions and people who write SQL need not know of it. A row is there once its transaction
-- is, in any order; readers go by the transaction's id, and not by the number, which only tells rows
-- apart.

CREATE TABLE IF NOT EXISTS ${prefix}change (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid XID8 NOT NULL DEFAULT pg_current_xact_id(),
  changed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(),
  topic VARCHAR(20) NOT NULL,
  environment VARCHAR(200) NOT NULL,
  owner VARCHAR(210) NOT NULL,
  name VARCHAR(200) NOT NULL,
  kind VARCHAR(200) NOT NULL
);

CREATE INDEX IF NOT EXISTS ${name}change_xid ON ${prefix}change (xid);

-- One row: the last transaction whose changes were forgotten.

CREATE TABLE IF NOT EXISTS ${prefix}change_forgotten (
  id INTEGER PRIMARY KEY,
  xid XID8 NOT NULL
);

INSERT INTO ${prefix}change_forgotten (id, xid)
SELECT 1, '0' WHERE NOT EXISTS (SELECT 1 FROM ${prefix}change_forgotten);

-- Arguments: the topic, then the columns of owner, name and kind. It notes what was and what is. It
-- runs with the rights of its owner, so that nobody who writes needs a right to note.

CREATE OR REPLACE FUNCTION ${prefix}note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('INSERT INTO %I.${name}change (topic, environment, owner, name, kind) SELECT DISTINCT $1, r->>''environment'', r->>$2, r->>$3, coalesce(r->>$4, '''') FROM unnest(ARRAY[$5, $6]) r WHERE r->>$3 IS NOT NULL', TG_TABLE_SCHEMA) USING TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], TG_ARGV[3], to_jsonb(OLD), to_jsonb(NEW); RETURN NULL; END $$;

REVOKE ALL ON FUNCTION ${prefix}note_change() FROM PUBLIC;

-- What is emptied at once is not noted row by row: readers are told that they do not know.

CREATE OR REPLACE FUNCTION ${prefix}note_truncation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('UPDATE %I.${name}change_forgotten SET xid = pg_current_xact_id() WHERE id = 1', TG_TABLE_SCHEMA); RETURN NULL; END $$;

REVOKE ALL ON FUNCTION ${prefix}note_truncation() FROM PUBLIC;

-- In the order in which deletions lock.

CREATE OR REPLACE TRIGGER ${name}note_change AFTER INSERT OR UPDATE OR DELETE ON ${prefix}access_grant
  FOR EACH ROW EXECUTE FUNCTION ${prefix}note_change('GRANTS', 'owner', 'name', '');

CREATE OR REPLACE TRIGGER ${name}note_change AFTER INSERT OR UPDATE OR DELETE ON ${prefix}connection
  FOR EACH ROW EXECUTE FUNCTION ${prefix}note_change('CONNECTION', 'owner', 'id', 'connector');

CREATE OR REPLACE TRIGGER ${name}note_change AFTER INSERT OR UPDATE OR DELETE ON ${prefix}reference_binding
  FOR EACH ROW EXECUTE FUNCTION ${prefix}note_change('REFERENCE', 'principal', 'logical_name', 'source');

CREATE OR REPLACE TRIGGER ${name}note_change AFTER INSERT OR UPDATE OR DELETE ON ${prefix}run_only_share
  FOR EACH ROW EXECUTE FUNCTION ${prefix}note_change('REFERENCE', 'principal', 'logical_name', 'source');

CREATE OR REPLACE TRIGGER ${name}note_truncation AFTER TRUNCATE ON ${prefix}access_grant
  FOR EACH STATEMENT EXECUTE FUNCTION ${prefix}note_truncation();

CREATE OR REPLACE TRIGGER ${name}note_truncation AFTER TRUNCATE ON ${prefix}connection
  FOR EACH STATEMENT EXECUTE FUNCTION ${prefix}note_truncation();

CREATE OR REPLACE TRIGGER ${name}note_truncation AFTER TRUNCATE ON ${prefix}reference_binding
  FOR EACH STATEMENT EXECUTE FUNCTION ${prefix}note_truncation();

CREATE OR REPLACE TRIGGER ${name}note_truncation AFTER TRUNCATE ON ${prefix}run_only_share
  FOR EACH STATEMENT EXECUTE FUNCTION ${prefix}note_truncation();

-- An index that is not unique: with the other one, whoever inserts an event waits for whoever changes
-- due_at. H2 does not know such waiting, and makes indexes safely only together with their table.

ALTER TABLE ${prefix}subscription DROP CONSTRAINT IF EXISTS ${name}subscription_due;

CREATE INDEX IF NOT EXISTS ${name}subscription_due ON ${prefix}subscription (due_at, handler, id);

-- The table in which db-scheduler keeps when subscriptions are due, with its own columns. It says
-- nothing that the subscriptions do not say, and is filled from them.

CREATE TABLE IF NOT EXISTS ${prefix}scheduled_task (
  task_name VARCHAR(100) NOT NULL,
  task_instance VARCHAR(200) NOT NULL,
  task_data BYTEA,
  execution_time TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  picked BOOLEAN NOT NULL,
  picked_by VARCHAR(100),
  last_success TIMESTAMP(6) WITH TIME ZONE,
  last_failure TIMESTAMP(6) WITH TIME ZONE,
  consecutive_failures INTEGER,
  last_heartbeat TIMESTAMP(6) WITH TIME ZONE,
  version BIGINT NOT NULL,
  priority SMALLINT,
  PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX IF NOT EXISTS ${name}scheduled_task_time ON ${prefix}scheduled_task (execution_time);
CREATE INDEX IF NOT EXISTS ${name}scheduled_task_beat ON ${prefix}scheduled_task (last_heartbeat);

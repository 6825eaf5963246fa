package dev.connectorsdk.benchmark;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.connectorsdk.benchmark.PolledService.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Bare db-scheduler on PostgreSQL: each poll stores its cursor with an UPDATE, which waits for the
 * disk, as a commit of the library that stores events does. Where a poll has found nothing the
 * library commits with {@code synchronous_commit = off}, because a cursor that is lost leads to the
 * same poll again: that is part of what is compared.
 */
final class PollsByDbScheduler implements PollRate.Engine {

  private final DurablePostgres postgres;

  PollsByDbScheduler(DurablePostgres postgres) {
    this.postgres = postgres;
  }

  @Override
  public AutoCloseable start(PolledService service, PollLog log) throws SQLException {
    postgres.empty();
    postgres.execute(
        "CREATE TABLE polled (id INTEGER PRIMARY KEY, position BIGINT NOT NULL)",
        "INSERT INTO polled SELECT i, 0 FROM generate_series(0, " + log.triggers() + ") i",
        """
        CREATE TABLE scheduled_tasks (
          task_name TEXT NOT NULL,
          task_instance TEXT NOT NULL,
          task_data BYTEA,
          execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
          picked BOOLEAN NOT NULL,
          picked_by TEXT,
          last_success TIMESTAMP WITH TIME ZONE,
          last_failure TIMESTAMP WITH TIME ZONE,
          consecutive_failures INT,
          last_heartbeat TIMESTAMP WITH TIME ZONE,
          version BIGINT NOT NULL,
          priority SMALLINT,
          PRIMARY KEY (task_name, task_instance)
        )
        """,
        "CREATE INDEX ON scheduled_tasks (execution_time)",
        "CREATE INDEX ON scheduled_tasks (last_heartbeat)");
    Map<Integer, Position> cursors = new ConcurrentHashMap<>();
    Task<Void> poll =
        Tasks.custom("poll", Void.class)
            .execute(
                (instance, context) -> {
                  Instant began = Instant.now();
                  int trigger = Integer.parseInt(instance.getId());
                  log.begun(trigger);
                  Position next = poll(service, cursors.getOrDefault(trigger, new Position(0)));
                  store(trigger, next);
                  cursors.put(trigger, next);
                  Instant due = began.plusMillis(PollLog.INTERVAL_MILLIS);
                  return (done, row) -> row.reschedule(done, due);
                });
    Scheduler scheduler =
        Scheduler.create(postgres.pool(), poll)
            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
            .threads(PollsByHand.THREADS)
            .pollingInterval(Duration.ofMillis(200))
            .pollUsingLockAndFetch(0.5, 1.0)
            .shutdownMaxWait(Duration.ofSeconds(1))
            .build();
    for (int i = 0; i < log.triggers(); i++) {
      long first = ThreadLocalRandom.current().nextLong(PollLog.INTERVAL_MILLIS);
      scheduler.schedule(poll.instance(String.valueOf(i)), Instant.now().plusMillis(first));
    }
    scheduler.start();
    return scheduler::stop;
  }

  private static Position poll(PolledService service, Position cursor) {
    try {
      return service.poll(cursor);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void store(int trigger, Position position) {
    try (Connection connection = postgres.pool().getConnection();
        PreparedStatement update =
            connection.prepareStatement("UPDATE polled SET position = ? WHERE id = ?")) {
      update.setLong(1, position.number());
      update.setInt(2, trigger);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}

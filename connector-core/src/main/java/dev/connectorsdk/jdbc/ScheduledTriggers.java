package dev.connectorsdk.jdbc;

import dev.connectorsdk.internal.trigger.Schedule;
import dev.connectorsdk.internal.trigger.ScheduledStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The triggers of a store in PostgreSQL, where db-scheduler says whose turn it is if it is here.
 */
final class ScheduledTriggers extends JdbcTriggers implements ScheduledStore {

  private static final Logger log = LoggerFactory.getLogger(ScheduledTriggers.class);

  private final DataSource source;
  private final TaskTable tasks;

  ScheduledTriggers(DataSource source, Database database, String prefix) {
    super(database, Product.POSTGRESQL, prefix);
    this.source = source;
    this.tasks = new TaskTable(database, prefix);
  }

  @Override
  public Optional<Schedule> schedule(Set<String> handlers, Duration lease, Taker taker) {
    try {
      return Optional.of(new DbSchedule(source, tasks, new DbTurns(tasks, handlers, lease, taker)));
    } catch (NoClassDefFoundError e) {
      log.info("Without db-scheduler each process looks by itself for triggers that are due");
      return Optional.empty();
    }
  }
}

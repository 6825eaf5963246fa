package dev.connectorsdk.jdbc;

import dev.connectorsdk.internal.trigger.Schedule;
import dev.connectorsdk.internal.trigger.ScheduledStore;
import dev.connectorsdk.jdbc.SubscriptionTable.Update;
import dev.connectorsdk.jdbc.TaskTable.PickedTask;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The triggers of a store in PostgreSQL, where one statement stores most deliveries, and
 * db-scheduler says whose turn it is if it is here. Safe for several threads.
 */
final class PostgresTriggers extends JdbcTriggers implements ScheduledStore {

  private static final Logger log = LoggerFactory.getLogger(PostgresTriggers.class);

  private final DataSource source;
  private final TaskTable tasks;
  private final LoneEvents lone;

  PostgresTriggers(DataSource source, Database database, String prefix) {
    super(database, Product.POSTGRESQL, prefix);
    this.source = source;
    this.tasks = new TaskTable(database, prefix);
    this.lone = new LoneEvents(database, prefix);
  }

  TaskTable tasks() {
    return tasks;
  }

  /** Has a transaction say why, where one statement has stored nothing. */
  @Override
  public int deliver(String subscription, Collection<NewEvent> events, Load most) {
    return isOneAlone(events) && lone.isStored(subscription, events.iterator().next(), most)
        ? 1
        : super.deliver(subscription, events, most);
  }

  @Override
  boolean isGivenBack(String operation, Claim claim, Update update) {
    PickedTask task = tasks.picked(claim);
    return task == null
        ? super.isGivenBack(operation, claim, update)
        : tasks.isGivenBack(operation, task, update);
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

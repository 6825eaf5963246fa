package dev.connectorsdk.jdbc;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.connectorsdk.internal.trigger.Schedule;
import dev.connectorsdk.internal.trigger.TriggerThreads;
import dev.connectorsdk.jdbc.DbTurns.After;
import dev.connectorsdk.jdbc.TaskTable.Mended;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Turns that db-scheduler hands out, each to one of several processes. Its table is a cache: what
 * is due and has no row gets one, and the row of a subscription that is gone goes when it is
 * picked. Who may store what a turn has found is said by claims in the rows of the subscriptions,
 * so that a turn of which db-scheduler has thought that it was dead stores nothing.
 */
final class DbSchedule implements Schedule {

  /** How late it is noticed at worst what another process has stored. */
  private static final Duration MENDING = Duration.ofSeconds(1);

  private static final Duration PICKING = Duration.ofMillis(200);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** The fewest that db-scheduler allows: what it revives waits for the end of its claim. */
  private static final int MISSED_HEARTBEATS = 4;

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  /** A task of a name that is not known is another version's, which goes on with it. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final TaskTable tasks;
  private final DbTurns turns;
  private final DatabaseTime time = new DatabaseTime();
  private final Scheduler scheduler;
  private final AtomicBoolean stirred = new AtomicBoolean(true);
  private long mendedNanos; // of the thread that looks
  private volatile boolean started;

  DbSchedule(DataSource source, TaskTable tasks, DbTurns turns) {
    this.tasks = tasks;
    this.turns = turns;
    ThreadFactory daemons = DbSchedule::daemon;
    this.scheduler =
        Scheduler.create(source, task())
            .tableName(tasks.name())
            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
            .serializer(new NoData())
            .clock(time::now)
            .schedulerName(new SchedulerName.Fixed("connector-" + UUID.randomUUID()))
            .threads(TriggerThreads.room())
            .executorService(TriggerThreads.start())
            .dueExecutor(Executors.newSingleThreadExecutor(daemons))
            .housekeeperExecutor(Executors.newScheduledThreadPool(2, daemons))
            .pollingInterval(PICKING)
            .pollUsingLockAndFetch(0.5, 1.0)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .deleteUnresolvedAfter(NEVER)
            .shutdownMaxWait(GOODBYE)
            .failureLogging(LogLevel.WARN, false)
            .build();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "connector-triggers-schedule");
    thread.setDaemon(true);
    return thread;
  }

  private Task<Void> task() {
    return Tasks.custom(TaskTable.TASK, Void.class)
        .onFailure((failed, row) -> row.reschedule(failed, time.now().plus(AFTER_FAILURE)))
        .execute((instance, context) -> ended(take(context.getExecution())));
  }

  private After take(Execution picked) {
    try {
      return turns.take(picked.getId(), picked.version);
    } catch (InterruptedException e) { // Its thread ends: somebody else is to go on.
      return new After.Next(Duration.ZERO);
    }
  }

  private CompletionHandler<Void> ended(After after) {
    if (after instanceof After.Next next) {
      return (done, row) -> row.reschedule(done, time.now().plus(next.in()));
    }
    return after instanceof After.Gone ? (done, row) -> row.remove() : (done, row) -> {};
  }

  /** Mends the table. What is due is begun by db-scheduler's own threads. */
  @Override
  public int look() {
    boolean isDue = System.nanoTime() - mendedNanos >= MENDING.toNanos();
    if (!stirred.getAndSet(false) && !isDue) {
      return 0;
    }
    Mended mended = tasks.mend(turns.handlers());
    mendedNanos = System.nanoTime();
    time.set(mended.now());
    if (!started) {
      started = true;
      scheduler.start();
    } else if (mended.tasks() > 0) {
      scheduler.triggerCheckForDueExecutions();
    }
    return mended.tasks() < TaskTable.MOST_MENDED ? 0 : TaskTable.MOST_MENDED;
  }

  @Override
  public Duration nap() {
    return MENDING;
  }

  @Override
  public void stir() {
    stirred.set(true);
  }

  @Override
  public void pause() {
    turns.pause();
    scheduler.pause();
  }

  @Override
  public void close() {
    scheduler.stop();
  }

  /** The time of the database, as it was last seen, and what has passed since. */
  private static final class DatabaseTime {

    private record Seen(Instant time, long nanos) {}

    private volatile Seen seen = new Seen(Instant.EPOCH, System.nanoTime());

    void set(Instant time) {
      seen = new Seen(time, System.nanoTime());
    }

    Instant now() {
      Seen last = seen;
      return last.time().plusNanos(System.nanoTime() - last.nanos());
    }
  }

  /** Rows have no data, and what somebody has put there is never read. */
  private static final class NoData implements Serializer {

    @Override
    public byte @Nullable [] serialize(@Nullable Object data) {
      if (data != null) {
        throw new IllegalArgumentException("Turns have no data");
      }
      return null;
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte[] data) {
      throw new IllegalStateException("Turns have no data");
    }
  }
}

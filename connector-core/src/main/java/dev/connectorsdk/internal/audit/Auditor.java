package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Records what is done with a runtime, if the host wants it. Safe for several threads. */
public final class Auditor implements AutoCloseable {

  private static final int LONGEST_ACCOUNT = 500;

  private final @Nullable AuditWriter writer;
  private final @Nullable AuditBuffer buffer;
  private final Clock clock;

  private Auditor(@Nullable AuditWriter writer, Clock clock) {
    this.writer = writer;
    this.buffer = writer == null ? null : writer.buffer();
    this.clock = clock;
  }

  /** Returns one that records nothing. */
  public static Auditor none(Clock clock) {
    return new Auditor(null, clock);
  }

  /**
   * Returns one that records as the settings say.
   *
   * @param run names this run of the runtime
   */
  public static Auditor of(
      AuditSettings settings, AuditStore store, JsonMapper mapper, Clock clock, String run) {
    return new Auditor(new AuditWriter(store, settings, mapper, clock, run), clock);
  }

  /**
   * Begins to store records. Those from before wait.
   *
   * @throws IllegalStateException if another runtime uses the file of the settings
   * @throws java.io.UncheckedIOException if that file cannot be written
   */
  public void start() {
    if (writer != null) {
      writer.start();
    }
  }

  /**
   * What somebody does or would like to do, besides calls that have records of their own.
   *
   * @param kind {@link Kind#CALL} for what would use a connection, {@link Kind#CHANGE} for what
   *     would change something, or show it to an administrator
   * @param what an operation, or what would be changed
   * @param connection {@code null} if it is about none, or none was found
   * @param gateway {@code null} if it has to do with none
   */
  public record Attempt(
      Kind kind,
      Actor actor,
      @Nullable ConnectorId connector,
      String what,
      @Nullable ConnectionId connection,
      @Nullable String gateway) {

    /** What somebody does without a gateway. */
    public Attempt(
        Kind kind,
        Actor actor,
        @Nullable ConnectorId connector,
        String what,
        @Nullable ConnectionId connection) {
      this(kind, actor, connector, what, connection, null);
    }

    /** What a caller does or would like to do. */
    public Attempt(
        Kind kind,
        Caller caller,
        @Nullable ConnectorId connector,
        String what,
        @Nullable ConnectionId connection) {
      this(kind, Auditor.actor(caller, null), connector, what, connection);
    }

    /** What an administrator does or would like to do. */
    public static Attempt toAdminister(Administrator administrator, String what) {
      var actor =
          new Actor(
              administrator.principal(), null, administrator.environment().orElse(null), null);
      return new Attempt(Kind.CHANGE, actor, null, what, null);
    }

    /** The same about a connection. */
    public Attempt on(ConnectorId connector, ConnectionId connection) {
      return new Attempt(kind, actor, connector, what, connection, gateway);
    }

    /**
     * The same about a gateway.
     *
     * @param gateway its id, or {@code null} for none
     */
    public Attempt through(@Nullable String gateway) {
      return new Attempt(kind, actor, connector, what, connection, gateway);
    }

    /** The use of a reference. */
    public static Attempt toUse(Caller caller, ConnectionReference reference, String operation) {
      return new Attempt(Kind.CALL, caller, reference.connector(), operation, null);
    }

    /** A look at a flow, or a change of it, that is for its owners. */
    public static Attempt toChange(Caller caller, Flow flow) {
      return new Attempt(Kind.CHANGE, caller.running(flow), null, "flow changed", null);
    }

    /** A change of what a reference leads to, or of who may use it. */
    public static Attempt toChange(
        Caller caller, ConnectionReference reference, Act act, @Nullable ConnectionId connection) {
      String what = ChangeRecords.what(reference.logicalName(), act);
      return new Attempt(Kind.CHANGE, caller, reference.connector(), what, connection);
    }
  }

  /** Does what may be refused. That it was is on a disk before it is answered. */
  public <T> T attempt(Attempt attempt, Supplier<T> step) {
    try {
      return step.get();
    } catch (ConnectorException e) {
      refused(attempt, e);
      throw e;
    }
  }

  /**
   * Checks, before something is changed, that there is room for the record of it.
   *
   * @throws dev.connectorsdk.api.error.StoreException if there is none, and the host has not chosen
   *     to leave records out
   */
  public void requireRoom() {
    if (buffer != null) {
      buffer.requireRoom();
    }
  }

  /**
   * Records that something was changed. It is on a disk when this returns, or cannot be brought
   * there within seconds.
   */
  public void done(Attempt change) {
    if (buffer != null) {
      buffer.keepChange(draft(change, null, Verdict.DONE));
    }
  }

  /**
   * Records that somebody was refused, if the failure says so. It is on a disk when this returns,
   * or cannot be brought there within seconds.
   */
  public void refused(Attempt attempt, ConnectorException failure) {
    if (Refusals.isRefusal(failure)) {
      denied(attempt, failure);
    }
  }

  /**
   * Records that somebody was refused whatever the failure says, such as that nothing is there. It
   * is on a disk when this returns, or cannot be brought there within seconds.
   */
  public void denied(Attempt attempt, ConnectorException failure) {
    if (buffer != null && buffer.waitForPlace()) {
      buffer.keep(draft(attempt, Refusals.origin(failure), Refusals.denied(failure)));
    }
  }

  private Draft draft(Attempt attempt, @Nullable String origin, Verdict verdict) {
    return new Draft(
        clock.instant(),
        attempt.kind(),
        attempt.actor(),
        new Subject(
            attempt.connector(),
            attempt.what(),
            null,
            attempt.connection(),
            null,
            origin,
            attempt.gateway()),
        verdict,
        Duration.ZERO);
  }

  /** A call that is recorded when it ends. */
  public final class Call {

    private final AuditBuffer buffer;
    private final Caller caller;
    private final ConnectionReference reference;
    private final String operation;
    private final Effect effect;
    private final Instant began = clock.instant();

    private Call(
        AuditBuffer buffer,
        Caller caller,
        ConnectionReference reference,
        String operation,
        Effect effect) {
      this.buffer = buffer;
      this.caller = caller;
      this.reference = reference;
      this.operation = operation;
      this.effect = effect;
    }
  }

  /**
   * Begins the record of a call.
   *
   * @param operation the id of the action or trigger, or what the host calls it
   * @return {@code null} if it is not recorded
   * @throws dev.connectorsdk.api.error.StoreException if there is no room for it, and the host
   *     wants such calls to be refused
   */
  public @Nullable Call begin(
      Caller caller, ConnectionReference reference, String operation, Effect effect) {
    return buffer == null || !buffer.takePlace()
        ? null
        : new Call(buffer, caller, reference, operation, effect);
  }

  /**
   * Records how a call has ended. That it was refused is on a disk when this returns.
   *
   * @param call {@code null} if it is not recorded
   * @param connection {@code null} if none was found
   * @param failure {@code null} if it went well
   */
  public void end(
      @Nullable Call call, @Nullable Connection connection, @Nullable ConnectorException failure) {
    if (call == null) {
      return;
    }
    Instant now = clock.instant();
    Verdict verdict = Refusals.verdict(failure);
    var draft =
        new Draft(
            now,
            Kind.CALL,
            actor(call.caller, connection),
            new Subject(
                call.reference.connector(),
                call.operation,
                call.effect,
                connection == null ? null : connection.id(),
                account(connection),
                failure == null ? null : Refusals.origin(failure),
                connection == null ? null : connection.gateway()),
            verdict,
            Duration.between(call.began, now));
    if (verdict.allowed()) {
      call.buffer.add(draft);
    } else {
      call.buffer.keep(draft);
    }
  }

  /**
   * Records what an event says was done. What was changed is on a disk when this returns, or cannot
   * be brought there within seconds.
   */
  public void done(ConnectorEvent event) {
    Draft draft = buffer == null ? null : ChangeRecords.of(event);
    if (buffer == null || draft == null) {
      return;
    }
    if (draft.kind() != Kind.CHANGE) {
      if (buffer.hasPlace()) {
        buffer.add(draft);
      }
    } else if (draft.verdict().allowed()) {
      buffer.keepChange(draft);
    } else if (buffer.waitForPlace()) {
      buffer.keep(draft);
    }
  }

  /** Returns whether nothing is recorded. */
  public boolean isOff() {
    return writer == null;
  }

  private static Actor actor(Caller caller, @Nullable Connection connection) {
    Principal owner = connection == null ? null : connection.owner();
    Flow flow = caller.flow();
    return new Actor(
        caller.principal(),
        caller.principal().equals(owner) ? null : owner,
        caller.environment(),
        flow == null ? null : flow.id());
  }

  private static @Nullable String account(@Nullable Connection connection) {
    Account account = connection == null ? null : connection.account();
    return account == null ? null : printable(account.id());
  }

  /** Services name accounts as they like. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_ACCOUNT)
        .map(c -> Character.isISOControl(c) || isLoneSurrogate(c) ? '?' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isLoneSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}

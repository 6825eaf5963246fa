package dev.connectorsdk.api.event;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did, or was refused, as it is kept for those who have to account for it. Holds
 * names and numbers: never an input, an output, a path, a query or a secret.
 *
 * <p>It is for administrators. It names connections and accounts, whosever they are.
 *
 * @param position where it stands among the others
 * @param kind what kind of thing was done
 * @param actor who did it, and for whom
 * @param subject what it was done with
 * @param verdict whether it was allowed, and what came of it
 * @param took from the beginning to the end; zero for what takes no time
 */
public record AuditRecord(
    Position position, Kind kind, Actor actor, Subject subject, Verdict verdict, Duration took) {

  public AuditRecord {
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(took, "took");
  }

  /** What kind of thing was done. */
  public enum Kind {
    /**
     * An action, a poll of a trigger, what a service was asked about a registration, or a request
     * of an unwrapped client; and what else would have used a connection and was refused, such as a
     * test, a form or an event of a webhook.
     */
    CALL,
    /**
     * A connection, a sign-in, a reference, a right, a gateway or a policy was changed, or was to
     * be and that was refused.
     */
    CHANGE,
    /**
     * A data policy that is not enforced would have decided otherwise: a call has broken it and
     * went on, or was refused that would be allowed with it in place of another.
     */
    FINDING,
    /** A runtime has begun to keep records. */
    STARTED,
    /** A runtime was closed, and has kept all records before this one. */
    ENDED,
    /** Records were left out, for which there was no room: {@link Verdict#result} says how many. */
    LEFT_OUT
  }

  /**
   * Where a record stands. Positions are ordered by time, and for one runtime as things ended.
   *
   * @param at when it ended, to the microsecond
   * @param run names one run of one runtime: from when it is built until it is closed
   * @param number counts the records of a run, from 0 and without a gap
   */
  public record Position(Instant at, String run, long number) implements Comparable<Position> {

    private static final Comparator<Position> ORDER =
        Comparator.comparing(Position::at)
            .thenComparing(Position::run)
            .thenComparing(Position::number);

    public Position {
      at = at.truncatedTo(ChronoUnit.MICROS);
      Objects.requireNonNull(run, "run");
    }

    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Who did something.
   *
   * @param who the user, service or flow; {@code null} for the runtime itself, and for members of
   *     gateways
   * @param onBehalfOf whose connection was used, or whose right was changed, if that is somebody
   *     else
   * @param environment where, or {@code null} for the whole runtime
   * @param flow the id of the flow that ran, or {@code null} for none
   */
  public record Actor(
      @Nullable Principal who,
      @Nullable Principal onBehalfOf,
      @Nullable Environment environment,
      @Nullable String flow) {

    /** The runtime itself. */
    public static final Actor RUNTIME = new Actor(null, null, null, null);
  }

  /**
   * What something was done with. What does not apply, or is not known, is {@code null}.
   *
   * @param connector of the connection
   * @param operation the id of the action or trigger, or what was changed
   * @param effect what the operation does at the service
   * @param connection which connection
   * @param account whose credential it has, as the service names the account
   * @param origin scheme, host and port of a request that was refused
   * @param gateway the id of the gateway that it went through, or was to; or that was changed
   */
  public record Subject(
      @Nullable ConnectorId connector,
      @Nullable String operation,
      @Nullable Effect effect,
      @Nullable ConnectionId connection,
      @Nullable String account,
      @Nullable String origin,
      @Nullable String gateway) {

    /** What has to do with no gateway. */
    public Subject(
        @Nullable ConnectorId connector,
        @Nullable String operation,
        @Nullable Effect effect,
        @Nullable ConnectionId connection,
        @Nullable String account,
        @Nullable String origin) {
      this(connector, operation, effect, connection, account, origin, null);
    }

    /** Nothing. */
    public static final Subject NONE = new Subject(null, null, null, null, null, null);
  }

  /**
   * Whether something was allowed.
   *
   * @param allowed {@code false} if a right, a share, an administrator or a data policy did not
   *     permit it
   * @param rule what refused it, such as a policy with its version and its rule; empty if nothing
   *     did
   * @param result what came of it: empty if it went well, otherwise the type of the exception, or
   *     what {@link Kind} says
   */
  public record Verdict(boolean allowed, String rule, String result) {

    /** It went well. */
    public static final Verdict DONE = new Verdict(true, "", "");

    public Verdict {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(result, "result");
    }

    /** Returns the verdict on what was allowed and failed. */
    public static Verdict failed(String result) {
      return new Verdict(true, "", result);
    }

    /** Returns the verdict on what was not allowed. */
    public static Verdict refused(String rule, String result) {
      return new Verdict(false, rule, result);
    }
  }

  /** Returns all that is known, as {@code name=value}, in one line for logs. */
  @Override
  public String toString() {
    return Stream.of(
            named("kind", kind),
            named("at", position.at()),
            named("who", actor.who()),
            named("onBehalfOf", actor.onBehalfOf()),
            named("environment", actor.environment()),
            named("flow", actor.flow()),
            named("connector", subject.connector()),
            named("operation", subject.operation()),
            named("effect", subject.effect()),
            named("connection", subject.connection()),
            named("account", subject.account()),
            named("origin", subject.origin()),
            named("gateway", subject.gateway()),
            named("allowed", verdict.allowed()),
            named("rule", verdict.rule()),
            named("result", verdict.result()),
            named("took", took.isZero() ? null : took))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String named(String name, @Nullable Object value) {
    String text = value == null ? "" : value.toString();
    return text.isEmpty() ? "" : name + "=" + oneLine(text);
  }

  /** A name can be chosen by somebody who would like to write lines of his own. */
  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c)
        .forEach(line::appendCodePoint);
    return line.indexOf(" ") < 0
        ? line.toString()
        : "\"" + line.toString().replace('"', '\'') + "\"";
  }
}

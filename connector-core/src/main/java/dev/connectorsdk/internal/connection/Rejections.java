package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What follows when a service refuses the credential of a call. That may be a matter of what was
 * asked, so the connector's own test decides about the connection's status, at most once a minute
 * for each connection. Safe for several threads.
 */
final class Rejections {

  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** As many connections are remembered before those are forgotten that may be tested again. */
  private static final int MANY = 1_000;

  private final Registry registry;
  private final ConnectionTester tester;
  private final Clock clock;
  private final Map<ConnectionId, Instant> tested = new ConcurrentHashMap<>();

  Rejections(Registry registry, ConnectionTester tester, Clock clock) {
    this.registry = registry;
    this.tester = tester;
    this.clock = clock;
  }

  /**
   * Has a connection tested if its credential was refused.
   *
   * @param failure of a call on it
   * @param by who called
   * @param left how long the test may take; if no time is left, the next refusal has it run
   * @return the failure, which says so if nothing could be tested
   */
  ConnectorException followed(
      OpenConnection connection, ConnectorException failure, Caller by, Duration left) {
    if (!(failure instanceof AuthenticationException refused)
        || refused.reason() != Reason.REJECTED
        || !connection.id().equals(refused.connection())) {
      return failure;
    }
    Connector connector =
        registry.find(connection.view().environment(), connection.view().connector());
    if (connector == null || connector.connectionTest().isEmpty()) {
      return untested(refused, connection.id());
    }
    if (left.compareTo(Duration.ZERO) > 0 && isDue(connection.id())) {
      tester.testRefused(connection, by, left);
    }
    return failure;
  }

  private static AuthenticationException untested(
      AuthenticationException refused, ConnectionId connection) {
    return new AuthenticationException(
        connection,
        refused.reason(),
        refused.problem() + ", and nothing could be tested: its connector has no test",
        refused.getCause());
  }

  private boolean isDue(ConnectionId connection) {
    Instant now = clock.instant();
    if (tested.size() > MANY) {
      tested.values().removeIf(at -> isOver(at, now));
    }
    Instant before = tested.putIfAbsent(connection, now);
    return before == null || (isOver(before, now) && tested.replace(connection, before, now));
  }

  private static boolean isOver(Instant tested, Instant now) {
    return Duration.between(tested, now).abs().compareTo(PAUSE) >= 0;
  }
}

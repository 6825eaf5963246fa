package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.ConnectionTestResult.Outcome;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a connector's own test, and says what it found out and what follows from it. */
final class ConnectionTester {

  private static final Logger log = LoggerFactory.getLogger(ConnectionTester.class);

  private static final Duration LONGEST_AFTER_REFUSAL = Duration.ofSeconds(15);

  private final Registry registry;
  private final Transport transport;
  private final Clock clock;
  private final PolicyGate policies;
  private final Auditor auditor;
  private final StatusKeeper statusKeeper;

  ConnectionTester(Registry registry, RuntimeServices services, StatusKeeper statusKeeper) {
    this.registry = registry;
    this.transport = services.transport();
    this.clock = services.clock();
    this.policies = services.policies();
    this.auditor = services.auditor();
    this.statusKeeper = statusKeeper;
  }

  /**
   * Asks the service, and moves the connection's status accordingly.
   *
   * @param by who has it tested
   * @throws CallCancelledException if the thread was interrupted
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy forbids it
   */
  ConnectionTestResult testStored(
      OpenConnection connection, ConnectionStatus before, Principal by) {
    Tested test = test(connection, caller(connection, by), transport.limits().callTimeout());
    if (test.result().outcome() == Outcome.OK) {
      statusKeeper.connected(connection.id(), test.account());
    }
    statusAfter(test, before).ifPresent(next -> statusKeeper.move(connection.id(), next));
    return test.result();
  }

  /**
   * Asks the service which has refused the credential of a call, and moves the connection's status
   * accordingly, unless something else was entered since. Takes 15 s at most, and throws nothing:
   * the caller gets the refusal.
   *
   * @param by who called
   * @param left how long the call may still take
   */
  void testRefused(OpenConnection connection, Caller by, Duration left) {
    try {
      Tested test = test(connection, by, shorter(left, LONGEST_AFTER_REFUSAL));
      statusAfter(test, connection.view().status())
          .ifPresent(next -> statusKeeper.moveIfStill(connection.id(), connection.fit(), next));
    } catch (ConnectorException e) {
      log.debug(
          "Connection {} was not tested after a refusal: {}", connection.id(), e.getMessage());
    }
  }

  /**
   * What came of a test.
   *
   * @param cause what happened, without where the service is, or {@code null}
   * @param configuration what the owner has to mend in what was entered, or {@code null}
   * @param offline whether no member of the connection's gateway was there to ask the service
   */
  record Tested(
      ConnectionTestResult result,
      @Nullable String cause,
      @Nullable String configuration,
      boolean offline) {

    @Nullable Account account() {
      return result.account();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Caller caller(OpenConnection connection, Principal by) {
    return new Caller(by, connection.view().environment(), null);
  }

  private Tested test(OpenConnection connection, Caller by, Duration atMost) {
    Optional<ConnectionTest> test =
        registry
            .connector(connection.view().environment(), connection.view().connector())
            .connectionTest();
    if (test.isEmpty()) {
      return none();
    }
    Attempt attempt = attempt(connection.view(), by);
    return auditor.attempt(attempt, () -> test(connection, test.get(), attempt, atMost));
  }

  private static Attempt attempt(Connection connection, Caller by) {
    return new Attempt(Kind.CALL, by, connection.connector(), "connection test", connection.id())
        .through(connection.gateway());
  }

  private Tested test(
      OpenConnection connection, ConnectionTest test, Attempt attempt, Duration atMost) {
    policies.requireUsable(connection.view().environment(), connection.view().connector(), null);
    Duration time = shorter(atMost, transport.limits().callTimeout());
    CallBudget budget = new CallBudget(clock, time, Effect.READ, null, null);
    ActionContext context = CallContext.of(connection, transport, budget);
    try {
      connection.requireOwn(test);
      @Nullable Account account = test.test(context);
      return new Tested(new ConnectionTestResult(Outcome.OK, account, null), null, null, false);
    } catch (PolicyException e) {
      throw e;
    } catch (Exception e) {
      ConnectorException failure =
          Failures.from(e, "The test of connection '" + connection.id() + "'");
      auditor.refused(attempt, failure);
      return failure(failure, connection.usesClientOfHost());
    }
  }

  /**
   * Tests what a sign-in brought, if there is a test and no data policy forbids it: the credentials
   * are there, and the connection can be used when the policy is relaxed. Opens it only for that.
   *
   * @param by who has signed in
   */
  Tested test(Candidate candidate, ConnectionOpener opener, Principal by) {
    Connector connector =
        registry.connector(candidate.base().environment(), candidate.base().connector());
    if (connector.connectionTest().isEmpty()) {
      return none();
    }
    try {
      OpenConnection connection = opener.ready(candidate);
      return test(connection, caller(connection, by), transport.limits().callTimeout());
    } catch (PolicyException e) {
      log.debug("Connection {} was not tested: {}", candidate.id(), e.getMessage());
      return none();
    }
  }

  /**
   * Returns the status of a connection whose test did not succeed.
   *
   * @return empty if its status stays as it is
   */
  Optional<ConnectionStatus> statusAfter(Tested test, ConnectionStatus before) {
    if (test.offline()) {
      return Optional.empty();
    }
    boolean mayPass = test.result().outcome() == Outcome.NOT_REACHABLE && before.isConnected();
    if (test.configuration() != null && !mayPass) {
      return notConnected(State.ERROR, Reason.CONFIGURATION, test.configuration());
    }
    return switch (test.result().outcome()) {
      case OK, NO_TEST -> Optional.empty();
      case NOT_AUTHENTICATED ->
          notConnected(
              State.UNAUTHENTICATED,
              Reason.CREDENTIALS_REJECTED,
              "The service did not accept the credentials");
      case NOT_REACHABLE ->
          before.isConnected()
              ? Optional.empty()
              : testFailed("The service could not be asked", test.cause());
      case FAILED -> testFailed("The test of the connection failed", test.cause());
    };
  }

  private Optional<ConnectionStatus> testFailed(String what, @Nullable String cause) {
    String message = cause == null ? what : what + ": " + cause;
    return notConnected(State.ERROR, Reason.TEST_FAILED, message);
  }

  private Optional<ConnectionStatus> notConnected(State state, Reason reason, String message) {
    return Optional.of(ConnectionStatus.notConnected(state, reason, message, clock.instant()));
  }

  private static Tested none() {
    return new Tested(
        new ConnectionTestResult(
            Outcome.NO_TEST, null, "The connector cannot test its connections"),
        null,
        null,
        false);
  }

  private static Tested failure(ConnectorException e, boolean clientOfHost) {
    if (e instanceof CallCancelledException) {
      throw e;
    }
    String configuration = null;
    if (e instanceof AuthenticationException authentication
        && authentication.reason() == AuthenticationException.Reason.CONFIGURATION
        && !StatusKeeper.isForHost(authentication, clientOfHost)) {
      configuration = StatusKeeper.sentence(authentication.problem());
    }
    return new Tested(
        new ConnectionTestResult(outcome(e, clientOfHost), null, e.getMessage()),
        cause(e),
        configuration,
        e instanceof TransportException failed && failed.kind() == TransportException.Kind.GATEWAY);
  }

  /** Administrators read it, too, who do not get to know the connection's parameters. */
  private static @Nullable String cause(ConnectorException e) {
    if (e instanceof TransportException failed) {
      return failed.problem();
    }
    return e instanceof ServiceException answer ? "status " + answer.status() : null;
  }

  private static Outcome outcome(ConnectorException e, boolean clientOfHost) {
    if (e instanceof TransportException) {
      return Outcome.NOT_REACHABLE;
    }
    if (e instanceof AuthenticationException authentication) {
      return outcome(authentication, clientOfHost);
    }
    if (e instanceof ServiceException answer) {
      return outcome(answer);
    }
    return e.isRetryable() ? Outcome.NOT_REACHABLE : Outcome.FAILED;
  }

  private static Outcome outcome(AuthenticationException e, boolean clientOfHost) {
    return switch (e.reason()) {
      case TEMPORARY, INSUFFICIENT_SCOPE, DISABLED, GATEWAY_NOT_SHARED -> Outcome.NOT_REACHABLE;
      case CONFIGURATION ->
          StatusKeeper.isForHost(e, clientOfHost) || e.retryAfter().isPresent()
              ? Outcome.NOT_REACHABLE
              : Outcome.NOT_AUTHENTICATED;
      case GRANT_ENDED, EXPIRED, REJECTED, CONSENT_PENDING -> Outcome.NOT_AUTHENTICATED;
    };
  }

  private static Outcome outcome(ServiceException e) {
    if (e.isRetryable()) {
      return Outcome.NOT_REACHABLE;
    }
    return e.status() == 401 || e.status() == 403 ? Outcome.NOT_AUTHENTICATED : Outcome.FAILED;
  }
}

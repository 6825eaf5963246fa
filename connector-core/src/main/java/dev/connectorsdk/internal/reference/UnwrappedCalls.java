package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.UnwrappedCallEnded;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.HandedCall;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.observation.Observations;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of an unwrapped client. Each is handed on to a client that is bound to the connection
 * which the reference leads to by then, so what the host adds to its client sees no credential.
 */
final class UnwrappedCalls implements HandedCall.Way {

  private static final Logger log = LoggerFactory.getLogger(UnwrappedCalls.class);

  private final Resolver resolver;
  private final Transport transport;
  private final PolicyGate policies;
  private final EventHub events;
  private final Auditor auditor;
  private final Clock clock;
  private final Purpose purpose;

  /**
   * What the calls are for.
   *
   * @param operation what the host calls them
   * @param effect the most that they do, as the host says
   */
  record Purpose(Caller caller, ConnectionReference reference, String operation, Effect effect) {}

  UnwrappedCalls(Resolver resolver, RuntimeServices services, EventHub events, Purpose purpose) {
    this.resolver = resolver;
    this.transport = services.transport();
    this.policies = services.policies();
    this.events = events;
    this.auditor = services.auditor();
    this.clock = services.clock();
    this.purpose = purpose;
  }

  OkHttpClient client() {
    return auditor.attempt(
        Attempt.toUse(purpose.caller(), purpose.reference(), purpose.operation()),
        () -> {
          requirePermitted();
          return transport.unwrapped(this);
        });
  }

  @Override
  public Response send(HandedCall call) throws IOException {
    Auditor.Call audited =
        auditor.begin(purpose.caller(), purpose.reference(), purpose.operation(), purpose.effect());
    Observations.Running observed =
        transport
            .observations()
            .begin(
                Observations.What.UNWRAPPED_CALL,
                purpose.caller(),
                purpose.reference().connector(),
                purpose.operation());
    Instant began = events.isQuiet() ? Instant.EPOCH : clock.instant();
    OpenConnection connection = null;
    try {
      requirePermitted();
      Moment at = new Moment(clock);
      connection = resolver.resolve(purpose.caller(), purpose.reference(), at);
      resolver.requireOperation(purpose.caller(), purpose.reference(), null, at);
      Response response = call.send(transport, connection.endpoint(), budget());
      observed.end(null);
      auditor.end(audited, connection.view(), null);
      record(began, connection, null);
      return response;
    } catch (ConnectorException e) {
      observed.end(e);
      auditor.end(audited, connection == null ? null : connection.view(), e);
      record(began, connection, e.getClass().getSimpleName());
      throw ForeignFailures.told(e, purpose.caller(), purpose.reference(), connection);
    } catch (IOException | RuntimeException e) {
      ConnectorException failure = Failures.from(e, "Operation '" + purpose.operation() + "'");
      observed.end(failure);
      auditor.end(audited, connection == null ? null : connection.view(), failure);
      record(began, connection, e.getClass().getSimpleName());
      throw e;
    }
  }

  private void requirePermitted() {
    policies.requireUnwrapped(purpose.caller(), purpose.reference(), purpose.operation());
  }

  private CallBudget budget() {
    return new CallBudget(clock, transport.limits().callTimeout(), purpose.effect(), null, null)
        .of(purpose.caller());
  }

  private void record(Instant began, @Nullable OpenConnection connection, @Nullable String error) {
    log.debug(
        "{} by {} on connection {}: {}",
        purpose.operation(),
        purpose.caller(),
        connection == null ? null : connection.id(),
        error == null ? "done" : error);
    if (!events.isQuiet()) {
      Instant now = clock.instant();
      events.publish(
          new UnwrappedCallEnded(
              now,
              purpose.caller(),
              purpose.reference(),
              connection == null ? null : connection.id(),
              purpose.operation(),
              purpose.effect(),
              Duration.between(began, now),
              error));
    }
  }
}

package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Application;
import dev.connectorsdk.api.WebhookTrigger.FindHandler;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.WebhookTrigger.RenewHandler;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.internal.connection.CallContext;
import dev.connectorsdk.internal.connection.Deletions;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.observation.Observations.What;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.internal.trigger.Applications.App;
import dev.connectorsdk.internal.trigger.RecordedCalls.Call;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls the code of webhook triggers that registers callbacks at services, and knows what its
 * failures mean. Stores nothing. Safe for several threads.
 */
final class RegistrationCalls {

  private static final int GONE = 410;
  private static final int LONGEST_ACCOUNT = 1_000;
  private static final int NOT_FOUND = 404;

  private final Subscriptions subscriptions;
  private final Sources sources;
  private final Callbacks callbacks;
  private final Applications applications;
  private final Schemas schemas;
  private final OpenConnections connections;
  private final Deletions deletions;
  private final RuntimeServices services;
  private final RecordedCalls calls;

  RegistrationCalls(
      Subscriptions subscriptions,
      Sources sources,
      Callbacks callbacks,
      Applications applications,
      Schemas schemas,
      OpenConnections connections,
      Deletions deletions,
      RuntimeServices services) {
    this.subscriptions = subscriptions;
    this.sources = sources;
    this.callbacks = callbacks;
    this.applications = applications;
    this.schemas = schemas;
    this.connections = connections;
    this.deletions = deletions;
    this.services = services;
    this.calls = new RecordedCalls(services);
  }

  /**
   * Returns the connection that a registration was made with, if it leads there still. One that was
   * deleted does until the registration is removed.
   */
  Optional<OpenConnection> connection(Lease lease) {
    ConnectionId id = ConnectionId.of(lease.home().connection());
    return connections.find(id).or(() -> deletions.find(id)).filter(lease::isOf);
  }

  /** Returns whether nobody wants what a registration sends, since its connection was deleted. */
  boolean isOfDeleted(Lease lease) {
    return connections.find(ConnectionId.of(lease.home().connection())).isEmpty();
  }

  /** Returns what deliveries for a registration may be signed with; nothing if that is missing. */
  List<Secret> secrets(WebhookTrigger<?, ?> trigger, Lease lease) {
    return isSignedByRegistration(trigger)
        ? lease.signedWith(services.clock().instant())
        : connection(lease).map(connection -> secrets(trigger, connection)).orElse(List.of());
  }

  private static boolean isSignedByRegistration(WebhookTrigger<?, ?> trigger) {
    return !trigger.isSignedByApplication() && trigger.secretParameter().isEmpty();
  }

  private static List<Secret> secrets(WebhookTrigger<?, ?> trigger, OpenConnection connection) {
    String parameter = trigger.secretParameter().orElse(null);
    if (parameter == null) {
      return connection.webhookSecrets();
    }
    String value = connection.parameter(parameter);
    return value == null || value.isBlank() ? List.of() : List.of(Secret.of(value));
  }

  /**
   * Checks that deliveries could be authentic, if no registration brings their secret.
   *
   * @throws ActionFailedException if they could not
   */
  void requireSecrets(WebhookTrigger<?, ?> trigger, OpenConnection connection)
      throws ActionFailedException {
    if (isSignedByRegistration(trigger)) {
      return;
    }
    List<Secret> secrets = secrets(trigger, connection);
    if (secrets.isEmpty()) {
      throw trigger
          .secretParameter()
          .map(name -> failed(trigger, "needs parameter '" + name + "' of the connection"))
          .orElseGet(() -> lacksSecret(trigger, connection.view()));
    }
    for (Secret secret : secrets) {
      WebhookSignatures.problem(trigger.signature(), secret)
          .ifPresent(
              problem -> {
                throw failed(trigger, "cannot use the secret of its deliveries: " + problem);
              });
    }
  }

  private static ActionFailedException failed(WebhookTrigger<?, ?> trigger, String problem) {
    return new ActionFailedException("Trigger '" + trigger.id() + "' " + problem);
  }

  <C> Registration subscribe(
      WebhookTrigger<C, ?> trigger, HeldLeases held, Lease intent, Source source) throws Exception {
    Registration made =
        calls.run(
            Call.of(What.REGISTRATION, Effect.WRITE, trigger, source),
            () ->
                trigger.subscribe(
                    configuration(trigger, held.row()),
                    callback(trigger, held.leases(), intent, source.connection()),
                    context(source, Effect.WRITE)));
    return required(trigger, made);
  }

  private static <T> T required(WebhookTrigger<?, ?> trigger, @Nullable T returned) {
    if (returned == null) {
      throw failed(trigger, "returned null");
    }
    return returned;
  }

  /**
   * Looks for a registration, with what the trigger has for that.
   *
   * @param connection {@link OpenConnection#toEndAccess} where it is looked for to be removed
   */
  <C> Optional<Registration> find(
      FindHandler<C> finder,
      WebhookTrigger<C, ?> trigger,
      StoredSubscription row,
      Leases leases,
      Lease lease,
      OpenConnection connection)
      throws Exception {
    connection.requireOwn(trigger);
    Optional<Registration> found =
        alone(
            row,
            trigger,
            connection,
            budget(Effect.READ),
            call ->
                finder.find(
                    configuration(trigger, row),
                    callback(trigger, leases, lease, connection),
                    call));
    return required(trigger, found);
  }

  Registration renew(WebhookTrigger<?, ?> trigger, Registration known, Source source)
      throws Exception {
    RenewHandler renewer = trigger.renewer().orElseThrow();
    Registration renewed =
        calls.run(
            Call.of(What.REGISTRATION, Effect.IDEMPOTENT_WRITE, trigger, source),
            () -> renewer.renew(known, context(source, Effect.IDEMPOTENT_WRITE)));
    return required(trigger, renewed);
  }

  /**
   * @param limit how long it may take, if that is less than a call may
   */
  void unsubscribe(
      StoredSubscription row,
      WebhookTrigger<?, ?> trigger,
      Registration registration,
      OpenConnection connection,
      Duration limit)
      throws Exception {
    CallBudget budget = budget(Effect.IDEMPOTENT_WRITE, limit);
    OpenConnection ending = connection.toEndAccess();
    ending.requireOwn(trigger);
    alone(
        row,
        trigger,
        ending,
        budget,
        call -> {
          trigger.unsubscribe(registration, call);
          return null;
        });
  }

  /** Asks for a key with the connection that a registration was made with. */
  String key(
      StoredSubscription row,
      WebhookTrigger<?, ?> trigger,
      WebhookTrigger.KeyHandler handler,
      String keyId,
      Lease lease)
      throws Exception {
    OpenConnection connection =
        connection(lease)
            .orElseThrow(() -> new ActionFailedException("The connection was deleted"));
    connection.requireOwn(trigger);
    CallBudget budget = budget(Effect.READ, KeptKeys.LONGEST_FETCH);
    return required(
        trigger, alone(row, trigger, connection, budget, call -> handler.key(keyId, call)));
  }

  /** What is asked of a service. */
  private interface Request<T> {
    @Nullable T send(ActionContext call) throws Exception;
  }

  /** Runs a call for a flow that need not be there any more, with a connection that need not. */
  private <T> @Nullable T alone(
      StoredSubscription row,
      WebhookTrigger<?, ?> trigger,
      OpenConnection connection,
      CallBudget budget,
      Request<T> request)
      throws Exception {
    Subject subject = row.subject();
    Caller flow = sources.find(row).orElse(null);
    if (flow != null) {
      budget.of(flow);
    }
    Caller recorded =
        flow == null
            ? Flow.of(subject.flow(), connection.view().owner()).in(subject.environment())
            : flow;
    return calls.runAlone(
        new Call(
            What.REGISTRATION,
            trigger,
            budget.effect(),
            recorded,
            ConnectionReference.embedded(subject.reference(), subject.connector()),
            connection),
        () -> request.send(context(connection, budget)));
  }

  /** Returns whether the service says that it does not have the registration. */
  static boolean isGone(ServiceException e) {
    return e.status() == NOT_FOUND || e.status() == GONE;
  }

  /** What was not sent or was refused, was not done; of other failures nobody knows. */
  static boolean hasMadeNothing(Exception e) {
    if (e instanceof ServiceException answer) {
      return answer.status() >= 400 && answer.status() < 500 && answer.status() != 408;
    }
    return (e instanceof TransportException broken && wasNotSent(broken.kind()))
        || e instanceof AuthenticationException
        || e instanceof InvalidInputException
        || e instanceof HostNotAllowedException
        || e instanceof PolicyException;
  }

  private static boolean wasNotSent(TransportException.Kind kind) {
    return switch (kind) {
      case CONNECT, TLS, BUSY, PAUSED, GATEWAY -> true;
      case TIMEOUT, BROKEN_OFF -> false;
    };
  }

  /**
   * Returns where deliveries for a connection arrive, as it is stored: at the subscription's own
   * URL, or at that of the application for the account that the service says the connection is of.
   *
   * @param own the subscription's own
   */
  String address(WebhookTrigger<?, ?> trigger, Source source, String own) throws Exception {
    Optional<Application> declared = trigger.application();
    if (declared.isEmpty()) {
      return own;
    }
    OpenConnection connection = source.connection();
    App app = app(trigger, connection);
    if (!connection.endpoint().isAtHome()) {
      throw new ActionFailedException(
          "Trigger '"
              + trigger.id()
              + "': the owner of the connection chooses where the service is, so that what it says"
              + " of the account proves nothing");
    }
    String account =
        calls.run(
            Call.of(What.REGISTRATION, Effect.READ, trigger, source),
            () -> declared.get().connected().of(context(source, Effect.READ)));
    if (account == null || account.isEmpty() || account.length() > LONGEST_ACCOUNT) {
      throw new ActionFailedException(
          "Trigger '" + trigger.id() + "' has not found out the account: 1 to 1,000 characters");
    }
    return app.address(account);
  }

  private App app(WebhookTrigger<?, ?> trigger, OpenConnection connection) {
    Connection view = connection.view();
    return applications.of(view).orElseThrow(() -> lacksSecret(trigger, view));
  }

  private static ActionFailedException lacksSecret(WebhookTrigger<?, ?> trigger, Connection view) {
    return failed(
        trigger,
        "needs the secret of the application's webhooks: give the client of connector '"
            + view.connector()
            + "' and auth option '"
            + view.authOption()
            + "' one by ClientRegistration.withWebhookSecrets");
  }

  private WebhookTrigger.Callback callback(
      WebhookTrigger<?, ?> trigger, Leases leases, Lease lease, OpenConnection connection) {
    URI url =
        trigger.application().isPresent()
            ? app(trigger, connection).url()
            : callbacks.url(leases.address(), lease.key());
    return new WebhookTrigger.Callback(url, Secret.of(lease.secret()));
  }

  private <C> C configuration(WebhookTrigger<C, ?> trigger, StoredSubscription row) {
    return schemas
        .validatorFor(trigger.configuration())
        .read("trigger '" + trigger.id() + "'", subscriptions.settings(row).configuration());
  }

  /** Returns what a trigger does for the flow of a subscription. */
  private ActionContext context(Source source, Effect effect) {
    return context(source.connection(), budget(effect).of(source.caller()));
  }

  private CallBudget budget(Effect effect) {
    return budget(effect, services.transport().limits().callTimeout());
  }

  private CallBudget budget(Effect effect, Duration limit) {
    Duration usual = services.transport().limits().callTimeout();
    return new CallBudget(
        services.clock(), limit.compareTo(usual) < 0 ? limit : usual, effect, null, null);
  }

  private ActionContext context(OpenConnection connection, CallBudget budget) {
    return CallContext.of(connection, services.transport(), budget);
  }
}

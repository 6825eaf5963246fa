package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.internal.connection.Deletions;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.reference.Resolver;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.trigger.Triggers;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The triggers of a runtime, as hosts see them and as they are run. */
public final class TriggerModule implements AutoCloseable {

  private final Triggers triggers;
  private final DeletedConnections deleted;
  private final TriggerTimer timer;

  /**
   * What a host has set.
   *
   * @param handlers by name
   * @param flows the host's flows, or {@code null} if it has not said
   * @param freshness how long what was read is used from memory
   * @param webhooks where services can call
   */
  public record Settings(
      Map<String, RegisteredHandler<?>> handlers,
      @Nullable FlowDirectory flows,
      Duration freshness,
      Webhooks webhooks) {}

  /**
   * Where services can call.
   *
   * @param publicAddress without a slash at the end, or {@code null} if the host has not said
   * @param largestBody how many bytes a delivery may have
   * @param longestRemoval within which time it is tried to remove a registration
   */
  public record Webhooks(@Nullable URI publicAddress, int largestBody, Duration longestRemoval) {}

  /**
   * What triggers share with calls.
   *
   * @param whenCommitted runs what it is given once what was written before is committed
   */
  public record Shared(
      Registry registry,
      Resolver resolver,
      OpenConnections connections,
      Deletions deletions,
      Schemas schemas,
      JsonMapper mapper,
      EventHub events,
      RuntimeServices services,
      Consumer<Runnable> whenCommitted) {}

  /** For the runtime. Starts nothing. */
  public TriggerModule(TriggerStore store, SecretCipher cipher, Shared shared, Settings settings) {
    Clock clock = shared.services().clock();
    var subscriptions = new Subscriptions(cipher, shared.mapper());
    var flows =
        new Flows(
            settings.flows(), shared.resolver().roles(), shared.services(), settings.freshness());
    var sources =
        new Sources(
            shared.registry(),
            flows,
            shared.resolver(),
            subscriptions,
            shared.services().policies(),
            shared.services().auditor());
    var changes =
        new SubscriptionChanges(store, shared.events(), clock, this::wake, this::wakeForEvents);
    var parts =
        new Turns.Parts(
            store,
            sources,
            subscriptions,
            new Poller(subscriptions, shared.schemas(), shared.services()),
            changes,
            new LostCursors(sources, subscriptions, changes, shared.events(), clock),
            new Turns.Pace(
                clock,
                new Backoff(shared.services().random()),
                new Guard(shared.services().ticker()),
                new Watch(shared.services().ticker())),
            shared.events());
    var callbacks = new Callbacks(settings.webhooks().publicAddress(), shared.services().random());
    var applications = new Applications(shared.registry(), callbacks);
    var calls =
        new RegistrationCalls(
            subscriptions,
            sources,
            callbacks,
            applications,
            shared.schemas(),
            shared.connections(),
            shared.deletions(),
            shared.services());
    Duration longestRemoval = settings.webhooks().longestRemoval();
    var removals = new Removals(parts, calls, longestRemoval);
    this.deleted =
        new DeletedConnections(
            parts, removals, shared.deletions(), longestRemoval, shared.services().ticker());
    this.timer =
        new TriggerTimer(
            new Turns(parts, new Registrations(parts, calls, callbacks, removals)),
            new HandOver(parts, settings.handlers(), shared.services().observations()),
            deleted,
            parts);
    var drafts =
        new SubscriptionDrafts(
            sources, subscriptions, shared.schemas(), shared.services().random(), callbacks);
    var published = new Published(shared.services(), parts.pace().guard());
    var bodies = new IncomingBody(shared.services().ticker(), settings.webhooks().largestBody());
    var deliveries = new Deliveries(parts, published, bodies);
    var receiver =
        new Receiver(
            parts,
            callbacks,
            applications,
            deliveries,
            published,
            calls,
            shared.services().observations());
    this.triggers =
        new DefaultTriggers(
            parts, flows, drafts, settings.handlers().keySet(), receiver, shared.whenCommitted());
  }

  /**
   * Checks what a host has said of webhooks, before there is a module.
   *
   * @throws IllegalArgumentException if a secret for them cannot be used
   */
  public static void requireUsable(Registry registry) {
    Applications.requireUsableSecrets(registry);
  }

  private void wake() {
    timer.wake();
  }

  private void wakeForEvents() {
    timer.wakeForEvents();
  }

  /** Returns what hosts use. */
  public Triggers triggers() {
    return triggers;
  }

  /**
   * Tries to remove at services what was registered with a connection that is about to be deleted.
   *
   * @return whether there is nothing left that is to be removed with it
   */
  public boolean isLeft(StoredConnection connection) {
    return deleted.isLeft(connection);
  }

  /** Begins to poll and to hand over, if there is a handler. */
  public void start() {
    timer.start();
  }

  /** Does all that is due on this thread, for tests; see {@link TriggerTimer#runDue}. */
  public int runDue() {
    return timer.runDue();
  }

  /** Looks after what runs, for tests; see {@link TriggerTimer#tick}. */
  public void tick() {
    timer.tick();
  }

  @Override
  public void close() {
    timer.close();
  }
}

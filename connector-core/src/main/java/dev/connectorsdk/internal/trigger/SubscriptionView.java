package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.Standing;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.trigger.Subscription;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A subscription as the host sees it. */
record SubscriptionView(
    StoredSubscription row,
    SubscriptionSettings settings,
    Registered registered,
    @Nullable Standing standing,
    boolean hasHandler,
    boolean stopsReplays)
    implements Subscription {

  /**
   * What hosts may know of registrations, and so without the keys in their URLs.
   *
   * @param until when the one that is live ends, or {@code null}
   */
  record Registered(@Nullable Instant until, int orphans, OptionalDouble lossRate) {

    private static final Registered UNKNOWN = new Registered(null, 0, OptionalDouble.empty());

    static Registered of(@Nullable Leases leases) {
      if (leases == null) {
        return UNKNOWN;
      }
      Lease live = leases.live();
      return new Registered(
          live == null ? null : live.remote().until(),
          leases.in(Lease.State.ORPHANED).size(),
          leases.observed().lossRate());
    }
  }

  /**
   * Returns it as somebody may know it who may not know what it watches; not even where a host
   * writes all of it down.
   */
  SubscriptionView withoutConfiguration(JsonNodeFactory nodes) {
    SubscriptionSettings less = settings.withoutConfiguration();
    var shown =
        new StoredSubscription(
            row.id(),
            row.version(),
            row.subject(),
            less.json(nodes).toString(),
            row.life(),
            Sealed.NONE,
            row.progress().with(Sealed.NONE),
            row.outcome());
    return new SubscriptionView(shown, less, registered, standing, hasHandler, stopsReplays);
  }

  @Override
  public String id() {
    return row.id();
  }

  @Override
  public Environment environment() {
    return row.subject().environment();
  }

  @Override
  public String flow() {
    return row.subject().flow();
  }

  @Override
  public ConnectionReference reference() {
    return settings.reference(row.subject().reference(), row.subject().connector());
  }

  @Override
  public String trigger() {
    return row.subject().trigger();
  }

  @Override
  public JsonNode configuration() {
    return settings.configuration().deepCopy();
  }

  @Override
  public String handler() {
    return row.subject().handler();
  }

  @Override
  public Phase phase() {
    return Subscriptions.phase(row);
  }

  @Override
  public String reason() {
    return row.life().reason();
  }

  @Override
  public @Nullable Instant lastEventAt() {
    return standing == null ? null : standing.lastEventAt();
  }

  @Override
  public String lastError() {
    return row.outcome().error();
  }

  @Override
  public int failures() {
    return row.outcome().failures();
  }

  @Override
  public @Nullable Instant nextPollAt() {
    return standing == null ? null : standing.nextPoll();
  }

  @Override
  public @Nullable Instant registeredUntil() {
    return registered.until();
  }

  @Override
  public int orphans() {
    return registered.orphans();
  }

  @Override
  public long waiting() {
    return standing == null ? 0 : standing.waiting().events();
  }

  @Override
  public long parked() {
    return standing == null ? 0 : standing.parked();
  }

  @Override
  public @Nullable Instant completeUpTo() {
    return row.progress().completeUpTo();
  }

  @Override
  public String proof() {
    return row.progress().proof();
  }

  @Override
  public OptionalDouble lossRate() {
    return registered.lossRate();
  }

  @Override
  public String toString() {
    return "Subscription[" + id() + ", " + trigger() + " for " + flow() + ", " + phase() + "]";
  }
}

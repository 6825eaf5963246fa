package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.TriggerStore.Standing;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.trigger.Subscription;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A subscription as the host sees it. */
record SubscriptionView(
    StoredSubscription row,
    SubscriptionSettings settings,
    @Nullable Leases leases,
    @Nullable Standing standing,
    boolean hasHandler,
    boolean stopsReplays)
    implements Subscription {

  /** Returns it as somebody may know it who may not know what it watches. */
  SubscriptionView withoutConfiguration() {
    return new SubscriptionView(
        row, settings.withoutConfiguration(), leases, standing, hasHandler, stopsReplays);
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
    Lease live = leases == null ? null : leases.live();
    return live == null ? null : live.remote().until();
  }

  @Override
  public int orphans() {
    return leases == null ? 0 : leases.in(Lease.State.ORPHANED).size();
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
    return leases == null ? OptionalDouble.empty() : leases.observed().lossRate();
  }

  @Override
  public String toString() {
    return "Subscription[" + id() + ", " + trigger() + " for " + flow() + ", " + phase() + "]";
  }
}

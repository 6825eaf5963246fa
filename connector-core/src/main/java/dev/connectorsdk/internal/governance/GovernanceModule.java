package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.internal.cache.MadeOnce;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.sharing.HostFlows;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The data policies of a runtime, as administrators write them and as calls meet them. */
public final class GovernanceModule {

  private final MadeOnce<Policies> policies;
  private final PolicyGate gate;
  private volatile @Nullable ConnectionUrls urls;
  private final StoredPolicies stored;

  /**
   * What the host says of policies.
   *
   * @param unblockable ids of connectors that no policy blocks
   * @param callsNeedFlow whether calls without a flow are refused
   * @param flows the host's flows
   */
  public record Settings(Set<ConnectorId> unblockable, boolean callsNeedFlow, HostFlows flows) {

    public Settings {
      unblockable = Set.copyOf(unblockable);
    }
  }

  /** For the runtime. */
  public GovernanceModule(
      PolicyStore store,
      AuditStore audit,
      Registry registry,
      Clock clock,
      StoreChanges changes,
      EventHub events,
      Observations observations,
      Settings settings) {
    var register = new RegisteredConnectors(registry, settings.unblockable());
    this.stored = new StoredPolicies(store, changes, register);
    this.policies =
        new MadeOnce<>(
            () ->
                new DefaultPolicies(
                    store,
                    stored,
                    settings.unblockable(),
                    new PolicyAdvice(stored, register, register::all, settings.flows(), audit),
                    events,
                    clock));
    var enforced =
        new EnforcedPolicies(stored, settings.callsNeedFlow(), events, clock, this::baseUrl);
    this.gate =
        observations == Observations.NONE ? enforced : new ObservedPolicies(enforced, observations);
  }

  /** Says who knows where connections lead, which is asked as soon as requests are sent. */
  public void onConnectionUrls(ConnectionUrls known) {
    urls = known;
  }

  private @Nullable URI baseUrl(Caller caller, ConnectionReference reference) {
    return Objects.requireNonNull(urls, "urls").baseUrl(caller, reference);
  }

  /** Returns what hosts use. */
  public Policies policies() {
    return policies.get();
  }

  /** Says that some connectors are other ones now, there or gone. */
  public void connectorsChanged() {
    stored.connectorsChanged();
  }

  /** Returns what refuses calls. */
  public PolicyGate gate() {
    return gate;
  }
}

package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.ConnectorEvent.FlowChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells listeners of each act that changes who may use what. Safe for several threads. */
public final class RightsLog {

  private final EventHub events;
  private final Clock clock;

  /** Returns a log that listeners hear. */
  public RightsLog(EventHub events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * Checks, before somebody may do something else, that this can be recorded.
   *
   * @throws dev.connectorsdk.api.error.StoreException if not
   */
  public void requireRoom() {
    events.requireRoom();
  }

  void granted(Caller by, ConnectorId connector, GrantSubject on, Grant grant) {
    tell(by, Act.GRANTED, connector, on, grant);
  }

  void revoked(Caller by, ConnectorId connector, GrantSubject on, Grant grant) {
    tell(by, Act.REVOKED, connector, on, grant);
  }

  private void tell(Caller by, Act act, ConnectorId connector, GrantSubject on, Grant grant) {
    boolean isReference = on.owner() != null;
    tell(
        by,
        act,
        connector,
        isReference ? on.name() : null,
        isReference ? null : ConnectionId.of(on.name()),
        grant);
  }

  /**
   * Tells that a reference leads elsewhere.
   *
   * @param connector of the reference
   * @param connection where to, or {@code null} if it was unbound
   */
  public void bound(
      Caller by, ConnectorId connector, String reference, @Nullable ConnectionId connection) {
    tell(by, connection == null ? Act.UNBOUND : Act.BOUND, connector, reference, connection, null);
  }

  /**
   * Tells what run-only users of a flow get under a reference.
   *
   * @param connector of the reference
   * @param connection which one they use alone, or {@code null}
   */
  public void shared(
      Caller by,
      ConnectorId connector,
      String reference,
      boolean areShared,
      @Nullable ConnectionId connection) {
    tell(by, areShared ? Act.SHARED : Act.NOT_SHARED, connector, reference, connection, null);
  }

  /**
   * Tells that a flow was changed: that it has more co-owners, or calls more.
   *
   * @param operations by the logical name of their reference
   */
  public void flowChanged(Caller by, Set<Principal> coOwners, Map<String, Set<String>> operations) {
    if (!events.isQuiet()) {
      events.publish(new FlowChanged(clock.instant(), by, coOwners, operations));
    }
  }

  private void tell(
      Caller by,
      Act act,
      ConnectorId connector,
      @Nullable String reference,
      @Nullable ConnectionId connection,
      @Nullable Grant grant) {
    if (!events.isQuiet()) {
      events.publish(
          new RightsChanged(clock.instant(), by, act, connector, reference, connection, grant));
    }
  }
}

package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.audit.Audit.Reach;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.sharing.Grants;
import dev.connectorsdk.internal.sharing.Groups;
import dev.connectorsdk.internal.sharing.HostFlows;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what somebody reaches, and on which ways. Safe for several threads. */
public final class Reaches {

  private final ConnectorStore store;
  private final Resolver resolver;
  private final Grants grants;
  private final Groups groups;
  private final HostFlows flows;

  /** For the runtime. */
  public Reaches(
      ConnectorStore store, Resolver resolver, Grants grants, Groups groups, HostFlows flows) {
    this.store = store;
    this.resolver = resolver;
    this.grants = grants;
    this.groups = groups;
    this.flows = flows;
  }

  /** Returns what somebody reaches in an environment: own connections, by grant, and by flow. */
  public List<Reach> of(Environment environment, Principal user) {
    List<Reach> all = new ArrayList<>();
    store
        .listConnections(new ConnectionFilter(environment, user, null))
        .forEach(own -> all.add(reach(own, null)));
    addGranted(environment, user, all);
    flows.forEach(Filter.ALL, flow -> addUsed(environment, user, flow, all));
    return List.copyOf(all);
  }

  private static Reach reach(StoredConnection row, @Nullable Grant grant) {
    return new Reach(row.id(), row.connector(), row.owner(), grant, null, null);
  }

  private void addGranted(Environment environment, Principal user, List<Reach> all) {
    store.grants().listGrants(environment).stream()
        .map(grant -> grant.on())
        .filter(on -> on.owner() == null)
        .distinct()
        .forEach(
            on ->
                store
                    .findConnection(ConnectionId.of(on.name()))
                    .filter(row -> !row.owner().equals(user))
                    .ifPresent(row -> addGranted(row, on, user, all)));
  }

  private void addGranted(StoredConnection row, GrantSubject on, Principal user, List<Reach> all) {
    if (grants.hasNow(user, Right.USE, row.owner(), on)) {
      grants.list(row.owner(), on).stream()
          .filter(grant -> groups.isAmong(Set.of(grant.grantee()), user))
          .forEach(grant -> all.add(reach(row, grant)));
    }
  }

  private void addUsed(Environment environment, Principal user, Flow flow, List<Reach> all) {
    if (!resolver.roles().mayRun(flow, user)) {
      return;
    }
    for (ConnectionReference reference : flow.references()) {
      try {
        OpenConnection used =
            resolver.find(new Caller(user, environment, flow), reference).connection();
        all.add(
            new Reach(
                used.id(),
                used.view().connector(),
                used.view().owner(),
                null,
                flow.id(),
                reference.logicalName()));
      } catch (ResolutionException e) {
        // The flow uses none for the user.
      }
    }
  }
}

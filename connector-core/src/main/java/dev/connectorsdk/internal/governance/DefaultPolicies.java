package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyChanged;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.api.spi.PolicyStore.StoredPolicy;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.event.EventHub;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What administrators do with data policies. Safe for several threads. */
final class DefaultPolicies implements Policies {

  private static final int LONGEST = 1_000_000;
  private static final String DELETED = "";

  private final PolicyStore store;
  private final StoredPolicies stored;
  private final Set<ConnectorId> unblockable;
  private final PolicyAdvice advice;
  private final EventHub events;
  private final Clock clock;

  DefaultPolicies(
      PolicyStore store,
      StoredPolicies stored,
      Set<ConnectorId> unblockable,
      PolicyAdvice advice,
      EventHub events,
      Clock clock) {
    this.store = store;
    this.stored = stored;
    this.unblockable = unblockable;
    this.advice = advice;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Saved save(Administrator administrator, DataPolicy policy, long expectedVersion) {
    StoredPolicy present =
        attempt(
            administrator,
            "policy " + policy.name(),
            () -> {
              requireRight(administrator, policy);
              return writable(administrator, policy.name());
            });
    Set<String> exempted = new HashSet<>(policy.exemptFlows());
    readable(stored.current(), policy.name())
        .map(DataPolicy::exemptFlows)
        .ifPresent(exempted::removeAll);
    requireBlockable(policy);
    requireStorable(policy);
    long version = replace(present, policy.toJson(), expectedVersion);
    tell(administrator, policy.name(), version, exempted);
    return new Saved(policy, version);
  }

  @Override
  public void delete(Administrator administrator, String name, long expectedVersion) {
    StoredPolicy present =
        attempt(
            administrator,
            "policy " + name + " deleted",
            () -> {
              StoredPolicy row = writable(administrator, name);
              if (row.isDeleted()) {
                requireWhole(administrator, name);
              }
              return row;
            });
    if (present.isDeleted()) {
      throw new NotFoundException("data policy", name, "It was never saved, or was deleted.");
    }
    replace(present, DELETED, expectedVersion);
    tell(administrator, name, 0, Set.of());
  }

  private <T> T attempt(Administrator administrator, String what, Supplier<T> step) {
    return events.auditor().attempt(Attempt.toAdminister(administrator, what), step);
  }

  /**
   * Returns a policy as it is stored, deleted and of version 0 if there never was one. The right is
   * that to this version, so that no other one may be replaced by it.
   *
   * @throws PermissionDeniedException if the administrator may not write the policy; whose one is
   *     that cannot be read, nobody knows
   */
  private StoredPolicy writable(Administrator administrator, String name) {
    PolicySet now = stored.reread();
    StoredPolicy row =
        now.rows().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseGet(() -> new StoredPolicy(name, 0, DELETED));
    if (row.isDeleted()) {
      return row;
    }
    readable(now, name)
        .ifPresentOrElse(
            policy -> requireRight(administrator, policy), () -> requireWhole(administrator, name));
    return row;
  }

  private static Optional<DataPolicy> readable(PolicySet now, String name) {
    return now.saved().stream()
        .map(Saved::policy)
        .filter(policy -> policy.name().equals(name))
        .findFirst();
  }

  /** Returns the new version. */
  private long replace(StoredPolicy present, String json, long expectedVersion) {
    events.requireRoom();
    String what = "Data policy '" + present.name() + "'";
    long version = present.isDeleted() ? 0 : present.version();
    if (version != expectedVersion) {
      throw ConflictException.ofVersion(what, version, expectedVersion);
    }
    var next = new StoredPolicy(present.name(), present.version() + 1, json);
    boolean isWritten = store.writePolicy(next, present.version());
    stored.expire();
    if (!isWritten) {
      throw new ConflictException(what);
    }
    return next.version();
  }

  private static void requireStorable(DataPolicy policy) {
    int length = policy.toJson().length();
    if (length > LONGEST) {
      throw new InvalidInputException(
          "data policy '" + policy.name() + "'",
          "",
          "has %,d characters as JSON, and must not have more than %,d".formatted(length, LONGEST));
    }
  }

  private void tell(
      Administrator administrator, String policy, long version, Set<String> exempted) {
    if (!events.isQuiet()) {
      events.publish(
          new PolicyChanged(
              clock.instant(),
              administrator.principal(),
              administrator.environment().orElse(null),
              policy,
              version,
              exempted));
    }
  }

  private static void requireRight(Administrator administrator, DataPolicy policy) {
    if (policy.scope() != Scope.SINGLE_ENVIRONMENT) {
      requireWhole(administrator, policy.name());
    } else if (administrator.environment().filter(e -> !policy.appliesIn(e)).isPresent()) {
      throw denied(administrator, policy.name(), policy.environments().get(0));
    }
  }

  private static void requireWhole(Administrator administrator, String name) {
    if (administrator.environment().isPresent()) {
      throw denied(administrator, name, null);
    }
  }

  private static PermissionDeniedException denied(
      Administrator administrator, String policy, @Nullable Environment environment) {
    return new PermissionDeniedException(
        administrator, "write data policy '" + policy + "'", environment);
  }

  private void requireBlockable(DataPolicy policy) {
    List<Fault> faults =
        unblockable.stream()
            .filter(id -> policy.groupOf(id) == Group.BLOCKED)
            .map(id -> new Fault("/connectorGroups", "'" + id + "' cannot be blocked"))
            .toList();
    if (!faults.isEmpty()) {
      throw new InvalidInputException("data policy '" + policy.name() + "'", faults);
    }
  }

  @Override
  public List<Saved> list(Administrator administrator) {
    Optional<Environment> own = administrator.environment();
    return stored.current().saved().stream()
        .filter(saved -> own.isEmpty() || saved.policy().appliesIn(own.get()))
        .toList();
  }

  @Override
  public List<Rule> rulesOf(Administrator administrator, ConnectorId connector) {
    return advice.rulesOf(administrator.requireEnvironment(), connector, list(administrator));
  }

  @Override
  public PolicyDecision check(Environment environment, Flow flow) {
    return advice.check(environment, flow);
  }

  @Override
  public PolicyDecision checkRequest(Environment environment, ConnectorId connector, URI url) {
    return advice.checkRequest(environment, connector, url);
  }

  @Override
  public PolicyDifference whatIf(Administrator administrator, DataPolicy... changed) {
    return advice.whatIf(administrator, null, Arrays.asList(changed));
  }

  @Override
  public PolicyDifference whatIf(
      Administrator administrator, Instant seenSince, DataPolicy... changed) {
    return advice.whatIf(administrator, seenSince, Arrays.asList(changed));
  }

  @Override
  public PolicyDifference whatIf(
      Administrator administrator, List<Flow> flows, DataPolicy... changed) {
    return advice.whatIfOf(administrator, flows, Arrays.asList(changed));
  }

  @Override
  public List<String> review(DataPolicy policy) {
    return advice.review(policy);
  }
}

package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.spi.PolicyStore.StoredPolicy;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.internal.cache.BoundedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All policies of one moment. Safe for several threads. */
final class PolicySet {

  private static final int MOST_ENVIRONMENTS = 10_000;
  private static final int MOST_KNOWN = 10_000;

  private final List<StoredPolicy> rows;
  private final List<Saved> saved;
  private final @Nullable StoredPolicy unreadable;
  private final ConnectorRegister register;
  private final boolean isWatching;
  private final Map<Environment, EnvironmentPolicies> environments = new ConcurrentHashMap<>();
  private final Map<Environment, EnvironmentPolicies> watched = new ConcurrentHashMap<>();
  private final Map<Environment, List<Candidate>> candidates = new ConcurrentHashMap<>();
  private final BoundedMap<Judged, Boolean> judged = new BoundedMap<>(MOST_KNOWN);
  private final BoundedMap<Told, Boolean> told = new BoundedMap<>(MOST_KNOWN);
  private volatile @Nullable EnvironmentPolicies everywhere; // made when it is asked for

  /**
   * A policy that is tried out in place of one that is enforced.
   *
   * @param then what would hold with it
   */
  record Candidate(Saved saved, EnvironmentPolicies then) {}

  /** A call that policies that are not enforced have judged. Hosts keep their flows. */
  record Judged(
      Environment environment,
      @Nullable Flow flow,
      ConnectionReference reference,
      String operation) {}

  /** What a policy that is not enforced has against something, whoever does it. */
  record Told(
      Environment environment,
      @Nullable String flow,
      ConnectorId connector,
      @Nullable String operation,
      @Nullable String origin,
      String policy,
      String rule) {}

  private PolicySet(
      List<StoredPolicy> rows,
      List<Saved> saved,
      @Nullable StoredPolicy unreadable,
      ConnectorRegister register) {
    this.rows = List.copyOf(rows);
    this.saved = List.copyOf(saved);
    this.unreadable = unreadable;
    this.register = register;
    this.isWatching = isWatching(saved);
  }

  private static boolean isWatching(List<Saved> saved) {
    for (Saved one : saved) {
      if (one.policy().mode() != Mode.ENFORCE) {
        return true;
      }
    }
    return false;
  }

  /** One that cannot be read is remembered, because it forbids what nobody knows. */
  static PolicySet of(List<StoredPolicy> rows, ConnectorRegister register) {
    List<Saved> saved = new ArrayList<>();
    StoredPolicy unreadable = null;
    for (StoredPolicy row : rows) {
      try {
        if (!row.isDeleted()) {
          DataPolicy policy = DataPolicy.read("data policy '" + row.name() + "'", row.json());
          saved.add(new Saved(policy, row.version()));
        }
      } catch (InvalidInputException e) {
        unreadable = row;
      }
    }
    return new PolicySet(rows, saved, unreadable, register);
  }

  /** Returns what is stored, deleted policies too. */
  List<StoredPolicy> rows() {
    return rows;
  }

  /** Returns whether there are none, so that it does not matter what connectors are. */
  boolean isEmpty() {
    return saved.isEmpty();
  }

  /** Returns those that can be read. */
  List<Saved> saved() {
    return saved;
  }

  /** Returns the version of a policy that is one of these. */
  long version(String policy) {
    return find(policy).version();
  }

  /** Returns by what people know a policy that is one of these. */
  String label(String policy) {
    return find(policy).policy().label();
  }

  private Saved find(String policy) {
    return saved.stream()
        .filter(one -> one.policy().name().equals(policy))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Returns all policies.
   *
   * @throws PolicyException if one of them cannot be read
   */
  List<DataPolicy> policies() {
    if (unreadable != null) {
      throw new PolicyException(
          unreadable.name(),
          unreadable.name(),
          unreadable.version(),
          "the whole policy",
          null,
          "Version "
              + unreadable.version()
              + " is stored in a form that this version of the library cannot read.",
          "Upgrade the library, or delete the policy and save it again.");
    }
    return saved.stream().map(Saved::policy).toList();
  }

  /**
   * Returns what is enforced in an environment.
   *
   * @param environment {@code null} for what is not done in a single one
   * @throws PolicyException if one of the policies cannot be read
   */
  EnvironmentPolicies in(@Nullable Environment environment) {
    if (environment == null) {
      return everywhere();
    }
    EnvironmentPolicies known = environments.get(environment);
    return known == null ? compile(environments, environment, true) : known;
  }

  private EnvironmentPolicies everywhere() {
    EnvironmentPolicies known = everywhere;
    if (known == null) {
      known = compile(null, true);
      everywhere = known;
    }
    return known;
  }

  /** Returns whether some policies are not enforced. */
  boolean isWatching() {
    return isWatching;
  }

  /** Returns whether a call is to be judged that was not judged lately. */
  boolean isFirst(Judged call) {
    return isFirst(judged, call);
  }

  /** Returns whether something is to be told that was not told lately. */
  boolean isFirst(Told finding) {
    return isFirst(told, finding);
  }

  private static <K> boolean isFirst(BoundedMap<K, Boolean> known, K key) {
    return known.get(key) == null && known.putIfAbsent(key, true) == null;
  }

  /** Returns what would hold in an environment, of policies that are not enforced. */
  EnvironmentPolicies watchedIn(Environment environment) {
    EnvironmentPolicies known = watched.get(environment);
    return known == null ? compile(watched, environment, false) : known;
  }

  /** Returns the policies that are tried out in an environment in place of others. */
  List<Candidate> candidatesIn(Environment environment) {
    List<Candidate> known = candidates.get(environment);
    if (known != null) {
      return known;
    }
    List<DataPolicy> all = policies();
    List<Candidate> made =
        saved.stream()
            .filter(one -> one.policy().insteadOf() != null)
            .map(one -> new Candidate(one, with(one.policy(), all, environment)))
            .toList();
    if (candidates.size() >= MOST_ENVIRONMENTS) {
      candidates.clear();
    }
    candidates.put(environment, made);
    return made;
  }

  private EnvironmentPolicies with(
      DataPolicy candidate, List<DataPolicy> all, Environment environment) {
    List<DataPolicy> here =
        all.stream()
            .filter(policy -> PolicyJudge.applies(policy, environment))
            .filter(
                policy ->
                    policy.mode() == Mode.ENFORCE
                        ? !policy.name().equals(candidate.insteadOf())
                        : policy.equals(candidate))
            .toList();
    return new EnvironmentPolicies(environment, here, register);
  }

  private EnvironmentPolicies compile(
      Map<Environment, EnvironmentPolicies> compiled, Environment environment, boolean enforced) {
    EnvironmentPolicies made = compile(environment, enforced);
    if (compiled.size() >= MOST_ENVIRONMENTS) {
      compiled.clear();
    }
    EnvironmentPolicies known = compiled.putIfAbsent(environment, made);
    return known == null ? made : known;
  }

  private EnvironmentPolicies compile(@Nullable Environment environment, boolean enforced) {
    List<DataPolicy> here = new ArrayList<>();
    for (DataPolicy policy : policies()) {
      if (PolicyJudge.applies(policy, environment) && (policy.mode() == Mode.ENFORCE) == enforced) {
        here.add(policy);
      }
    }
    return new EnvironmentPolicies(environment, List.copyOf(here), register);
  }
}

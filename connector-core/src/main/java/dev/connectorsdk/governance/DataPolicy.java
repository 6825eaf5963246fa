package dev.connectorsdk.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which connectors may be used in some environments, and together; the data policy (DLP policy) of
 * Power Platform, whose JSON it reads and writes.
 *
 * <pre>{@code
 * DataPolicy policy =
 *     DataPolicy.named("customer-data")
 *         .business("mail", "crm")
 *         .blocked("chat")
 *         .build();
 * }</pre>
 *
 * <p>Each connector is in one group. A flow may use connectors of {@link Group#BUSINESS} or of
 * {@link Group#NON_BUSINESS}, not of both, and none of {@link Group#BLOCKED}. What a policy does
 * not list is in its default group, {@link Group#NON_BUSINESS} unless the policy says otherwise.
 *
 * <p>Where connectors are named, {@code crm} and {@code shared_crm} are the same, and case does not
 * count.
 *
 * <p>Immutable and safe for use by several threads. Policies with the same content are equal.
 */
public final class DataPolicy {

  /** Where a connector is in a policy. */
  public enum Group {
    /** For sensitive data; {@code Confidential} in the JSON of the platform. */
    BUSINESS,
    /** For all other data; {@code General} in the JSON of the platform. */
    NON_BUSINESS,
    /** Not to be used at all. */
    BLOCKED
  }

  /** What follows when a policy is broken. */
  public enum Mode {
    /**
     * Listeners are told of calls and of requests that it would refuse ({@code
     * ConnectorEvent.PolicyBroken}), but for those by which tokens are got.
     */
    AUDIT,
    /** The same, and hosts are expected to show it to whoever makes the flow. */
    WARN,
    /** It is refused. */
    ENFORCE
  }

  /** In which environments a policy applies. */
  public enum Scope {
    /** In all of them. */
    ALL_ENVIRONMENTS,
    /** In those that it lists. */
    ONLY_ENVIRONMENTS,
    /** In all but those that it lists. */
    EXCEPT_ENVIRONMENTS,
    /** In one, whose administrators may change it. */
    SINGLE_ENVIRONMENT
  }

  /**
   * Which operations of one connector may be called.
   *
   * @param allowed ids of actions and triggers
   * @param blocked ids of actions and triggers
   * @param allowsOthers whether operations that are in neither may be called, such as ones that a
   *     later version of the connector adds
   */
  public record ActionRules(
      SortedSet<String> allowed, SortedSet<String> blocked, boolean allowsOthers) {

    /**
     * @throws IllegalArgumentException if an operation is both allowed and blocked
     */
    public ActionRules {
      allowed = Collections.unmodifiableSortedSet(new TreeSet<>(allowed));
      blocked = Collections.unmodifiableSortedSet(new TreeSet<>(blocked));
      for (String operation : allowed) {
        if (blocked.contains(operation)) {
          throw new IllegalArgumentException(
              "Operation '" + operation + "' is both allowed and blocked");
        }
      }
    }

    /** Returns rules that allow everything else. */
    public static ActionRules blocking(String... operations) {
      return new ActionRules(new TreeSet<>(), new TreeSet<>(Arrays.asList(operations)), true);
    }

    /** Returns rules that block everything else. */
    public static ActionRules allowingOnly(String... operations) {
      return new ActionRules(new TreeSet<>(Arrays.asList(operations)), new TreeSet<>(), false);
    }

    /** Returns whether an operation may be called. */
    public boolean allows(String operation) {
      return allowsOthers ? !blocked.contains(operation) : allowed.contains(operation);
    }
  }

  /**
   * A rule about where the requests of one connector go. Rules are asked in ascending order, and
   * the first whose pattern matches decides.
   *
   * @param order unique among the rules of a connector
   * @param endpoint a pattern, see {@link Builder#allowEndpoint}
   * @param allows whether requests that match may be sent
   */
  public record EndpointRule(int order, String endpoint, boolean allows) {}

  /**
   * A rule that sorts custom connectors by the URL of their service. Rules are asked in ascending
   * order, and the first whose pattern matches decides.
   *
   * @param order unique in a policy
   * @param pattern see {@link Builder#allowEndpoint}
   * @param group where the connector belongs, or {@code null} if the policy says nothing about it
   */
  public record UrlPattern(int order, String pattern, @Nullable Group group) {}

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private final String name;
  private final String displayName;
  private final Mode mode;
  private final @Nullable String insteadOf;
  private final Scope scope;
  private final List<Environment> environments;
  private final Group defaultGroup;
  private final ConnectorMap<Member> members;
  private final ConnectorMap<ActionRules> actionRules;
  private final ConnectorMap<List<EndpointRule>> endpointRules;
  private final List<UrlPattern> customConnectors;
  private final SortedSet<String> exemptFlows;
  private volatile @Nullable String json; // made when it is asked for; always the same

  /**
   * A connector that is listed.
   *
   * @param title for people
   */
  record Member(Group group, String title) {}

  private DataPolicy(Builder from) {
    this.name = from.name;
    this.displayName = from.displayName;
    this.mode = from.mode;
    this.insteadOf = from.insteadOf;
    this.scope = from.scope;
    this.environments = List.copyOf(from.environments);
    this.defaultGroup = from.defaultGroup;
    this.members = new ConnectorMap<>(from.members);
    this.actionRules = new ConnectorMap<>(from.actionRules);
    this.endpointRules = new ConnectorMap<>(from.endpointRules);
    this.customConnectors = List.copyOf(from.customConnectors);
    this.exemptFlows = Collections.unmodifiableSortedSet(new TreeSet<>(from.exemptFlows));
  }

  /**
   * Starts a policy that applies everywhere, is enforced, and has every connector in {@link
   * Group#NON_BUSINESS}.
   *
   * @param name its stable id: 1 to 200 letters, digits, {@code .}, {@code _} and {@code -},
   *     starting with a letter or digit
   * @throws IllegalArgumentException if it is not such a name
   */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * Reads a policy in the platform's shape: one object with the members of a policy, of its
   * connector configurations, of its custom connector URL patterns and of its exempt resources.
   * Groups may be called {@code Confidential} or {@code Business}, and {@code General} or {@code
   * Non-Business}. The members {@code mode} ({@code Audit}, {@code Warn}, {@code Enforce}) and
   * {@code insteadOf} are this library's own. Who made the policy and when, and its {@code etag},
   * are not kept. A member that is not known is refused: it might restrict something.
   *
   * @param source what is read, for messages
   * @throws InvalidInputException if it is not a policy, naming every fault
   */
  public static DataPolicy read(String source, String json) {
    return new PolicyReader(source).read(json);
  }

  /**
   * Returns the policy in the form that {@link #read} reads. Equal policies have equal texts, and
   * reading what was written gives the same text again. Lines end with {@code \n}.
   */
  public String toJson() {
    String known = json;
    if (known == null) {
      known = PolicyWriter.write(this);
      json = known;
    }
    return known;
  }

  /** Returns a builder that starts with what this policy says. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the stable id. */
  public String name() {
    return name;
  }

  /** Returns the name that people read. */
  public String displayName() {
    return displayName;
  }

  /**
   * Returns by what people know it: the display name, with the name in parentheses if that is
   * another, as in exports, where it is a GUID.
   */
  public String label() {
    return displayName.equals(name) ? name : displayName + " (" + name + ")";
  }

  /** Returns what follows when the policy is broken. */
  public Mode mode() {
    return mode;
  }

  /**
   * Returns the name of the policy in whose place this one is tried out, or {@code null} if it is
   * tried out beside the others, or enforced.
   */
  public @Nullable String insteadOf() {
    return insteadOf;
  }

  /** Returns how {@link #environments} are meant. */
  public Scope scope() {
    return scope;
  }

  /** Returns the environments that the policy lists, ordered by name. */
  public List<Environment> environments() {
    return environments;
  }

  /** Returns whether the policy applies in an environment. */
  public boolean appliesIn(Environment environment) {
    return switch (scope) {
      case ALL_ENVIRONMENTS -> true;
      case ONLY_ENVIRONMENTS, SINGLE_ENVIRONMENT -> environments.contains(environment);
      case EXCEPT_ENVIRONMENTS -> !environments.contains(environment);
    };
  }

  /** Returns the group of connectors that the policy does not list. */
  public Group defaultGroup() {
    return defaultGroup;
  }

  /** Returns the group in which the policy lists a connector, or {@code null} if in none. */
  public @Nullable Group groupOf(ConnectorId connector) {
    Member member = members.get(connector.value());
    return member == null ? null : member.group();
  }

  /** Returns the ids of the connectors that are listed in a group, as they are written there. */
  public List<String> connectors(Group group) {
    return members.entries().stream()
        .filter(entry -> entry.value().group() == group)
        .map(ConnectorMap.Entry::id)
        .toList();
  }

  /** Returns the ids of the connectors that have {@link #actionRules}, as they are written. */
  public List<String> connectorsWithActionRules() {
    return actionRules.ids();
  }

  /** Returns which operations of a connector may be called, or {@code null} if all may. */
  public @Nullable ActionRules actionRules(ConnectorId connector) {
    return actionRules.get(connector.value());
  }

  /** Returns the ids of the connectors that have {@link #endpointRules}, as they are written. */
  public List<String> connectorsWithEndpointRules() {
    return endpointRules.ids();
  }

  /** Returns where requests of a connector may go, in order; empty if anywhere. */
  public List<EndpointRule> endpointRules(ConnectorId connector) {
    List<EndpointRule> rules = endpointRules.get(connector.value());
    return rules == null ? List.of() : rules;
  }

  /** Returns how custom connectors are sorted that the policy does not list, in order. */
  public List<UrlPattern> customConnectors() {
    return customConnectors;
  }

  /** Returns the ids of the flows to which the policy does not apply, in order. */
  public SortedSet<String> exemptFlows() {
    return exemptFlows;
  }

  ConnectorMap<Member> members() {
    return members;
  }

  ConnectorMap<ActionRules> actions() {
    return actionRules;
  }

  ConnectorMap<List<EndpointRule>> endpoints() {
    return endpointRules;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || (other instanceof DataPolicy policy && toJson().equals(policy.toJson()));
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public String toString() {
    return "data policy " + name;
  }

  /** Collects what a policy says. Not safe for use by several threads. */
  public static final class Builder {

    private final String name;
    private String displayName;
    private Mode mode = Mode.ENFORCE;
    private @Nullable String insteadOf;
    private Scope scope = Scope.ALL_ENVIRONMENTS;
    private List<Environment> environments = List.of();
    private Group defaultGroup = Group.NON_BUSINESS;
    private final ConnectorMap<Member> members;
    private final ConnectorMap<ActionRules> actionRules;
    private final ConnectorMap<List<EndpointRule>> endpointRules;
    private List<UrlPattern> customConnectors = List.of();
    private final SortedSet<String> exemptFlows = new TreeSet<>();

    private Builder(String name) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "Name of a data policy must be 1 to 200 letters, digits, '.', '_' or '-' and start"
                + " with a letter or digit");
      }
      this.name = name;
      this.displayName = name;
      this.members = new ConnectorMap<>();
      this.actionRules = new ConnectorMap<>();
      this.endpointRules = new ConnectorMap<>();
    }

    private Builder(DataPolicy from) {
      this.name = from.name;
      this.displayName = from.displayName;
      this.mode = from.mode;
      this.insteadOf = from.insteadOf;
      this.scope = from.scope;
      this.environments = from.environments;
      this.defaultGroup = from.defaultGroup;
      this.members = new ConnectorMap<>(from.members);
      this.actionRules = new ConnectorMap<>(from.actionRules);
      this.endpointRules = new ConnectorMap<>(from.endpointRules);
      this.customConnectors = from.customConnectors;
      this.exemptFlows.addAll(from.exemptFlows);
    }

    /** Sets the name that people read. The default is the policy's stable id. */
    public Builder titled(String displayName) {
      this.displayName = Objects.requireNonNull(displayName, "displayName");
      return this;
    }

    /** Sets what follows when the policy is broken. The default is {@link Mode#ENFORCE}. */
    public Builder mode(Mode mode) {
      this.mode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Has the policy tried out as the next version of another one: listeners are also told of what
     * is refused and would not be with this policy in place of that one ({@code
     * ConnectorEvent.CandidateAllows}). It is for policies that are not enforced.
     *
     * @param policy the name of the other one; {@code null} for none
     */
    public Builder insteadOf(@Nullable String policy) {
      this.insteadOf = policy;
      return this;
    }

    /** Has the policy apply in these environments only. */
    public Builder in(String... environments) {
      return applying(Scope.ONLY_ENVIRONMENTS, environments);
    }

    /** Has the policy apply in all environments but these. */
    public Builder exceptIn(String... environments) {
      return applying(Scope.EXCEPT_ENVIRONMENTS, environments);
    }

    /** Has the policy apply in one environment, whose administrators may change it. */
    public Builder ofEnvironment(String environment) {
      return applying(Scope.SINGLE_ENVIRONMENT, environment);
    }

    Builder applying(Scope scope, String... environments) {
      this.scope = scope;
      this.environments =
          Arrays.stream(environments).distinct().sorted().map(Environment::of).toList();
      return this;
    }

    /** Puts connectors into {@link Group#BUSINESS}, out of the group where they were. */
    public Builder business(String... connectors) {
      return list(Group.BUSINESS, connectors);
    }

    /** Puts connectors into {@link Group#NON_BUSINESS}, out of the group where they were. */
    public Builder nonBusiness(String... connectors) {
      return list(Group.NON_BUSINESS, connectors);
    }

    /** Puts connectors into {@link Group#BLOCKED}, out of the group where they were. */
    public Builder blocked(String... connectors) {
      return list(Group.BLOCKED, connectors);
    }

    private Builder list(Group group, String... connectors) {
      for (String connector : connectors) {
        Member listed = members.get(connector);
        list(group, connector, listed == null ? connector : listed.title());
      }
      return this;
    }

    void list(Group group, String connector, String title) {
      members.put(connector, new Member(group, title));
    }

    /** Sets the group of what is not listed. The default is {@link Group#NON_BUSINESS}. */
    public Builder others(Group group) {
      this.defaultGroup = Objects.requireNonNull(group, "group");
      return this;
    }

    /** Says which operations of a connector may be called, instead of what was said before. */
    public Builder actions(String connector, ActionRules rules) {
      actionRules.put(connector, Objects.requireNonNull(rules, "rules"));
      return this;
    }

    /**
     * Lets requests of a connector go to an endpoint, if no rule before says otherwise.
     *
     * @param endpoint {@code [scheme://]host[:port][/path]}, where each {@code *} stands for any
     *     number of characters and case does not count. A part that is left out stands for
     *     anything, but a rule that allows takes a port that is left out for that of the scheme.
     *     {@code *} alone matches everything but IP addresses: those are denied wherever rules name
     *     hosts, unless a rule that spells an address allows them.
     */
    public Builder allowEndpoint(String connector, String endpoint) {
      return endpoint(connector, endpoint, true);
    }

    /**
     * Lets no request of a connector go to an endpoint, if no rule before says otherwise.
     *
     * @param endpoint see {@link #allowEndpoint}; a rule that denies also holds where the pattern
     *     matches the text of the whole URL up to the query
     */
    public Builder denyEndpoint(String connector, String endpoint) {
      return endpoint(connector, endpoint, false);
    }

    private Builder endpoint(String connector, String endpoint, boolean allows) {
      List<EndpointRule> before = endpointRules.get(connector);
      List<EndpointRule> rules = new ArrayList<>(before == null ? List.of() : before);
      int last = rules.isEmpty() ? 0 : rules.get(rules.size() - 1).order();
      rules.add(new EndpointRule(last + 1, endpoint, allows));
      return endpoints(connector, rules);
    }

    /** Sets all rules about where requests of a connector go, instead of those from before. */
    public Builder endpoints(String connector, List<EndpointRule> rules) {
      endpointRules.put(
          connector, rules.stream().sorted(Comparator.comparingInt(EndpointRule::order)).toList());
      return this;
    }

    /**
     * Sorts custom connectors by the URL of their service: its scheme, host and base path.
     * Connectors that the policy lists stay where they are listed.
     *
     * @param pattern see {@link #allowEndpoint}
     * @param group where a connector belongs whose URL matches and that no pattern before has
     *     matched; {@code null} if the policy says nothing about it
     */
    public Builder customConnectors(String pattern, @Nullable Group group) {
      List<UrlPattern> patterns = new ArrayList<>(customConnectors);
      int last = patterns.isEmpty() ? 0 : patterns.get(patterns.size() - 1).order();
      patterns.add(new UrlPattern(last + 1, pattern, group));
      return customConnectors(patterns);
    }

    Builder customConnectors(List<UrlPattern> patterns) {
      this.customConnectors =
          patterns.stream().sorted(Comparator.comparingInt(UrlPattern::order)).toList();
      return this;
    }

    /**
     * Lets flows do what the policy forbids.
     *
     * @param flows ids of flows, whoever owns them
     */
    public Builder exempt(String... flows) {
      exemptFlows.addAll(Arrays.asList(flows));
      return this;
    }

    /**
     * Returns the policy.
     *
     * @throws InvalidInputException if it contradicts itself, naming every fault
     */
    public DataPolicy build() {
      DataPolicy policy = new DataPolicy(this);
      List<InvalidInputException.Fault> faults = new PolicyFaults(policy).find();
      if (!faults.isEmpty()) {
        throw new InvalidInputException("data policy '" + name + "'", faults);
      }
      return policy;
    }
  }
}

package dev.connectorsdk.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** Finds what in a policy contradicts itself. Faults name the places of its JSON. */
final class PolicyFaults {

  private static final int MOST_EXEMPT = 2_000;

  /** A host that is missing matches nothing, so that a rule which denies would stop nothing. */
  private static final Pattern ENDPOINT =
      Pattern.compile("([^/:\\[\\]]+://)?(\\[[^/\\[\\]]+]|[^/:\\[\\]]+)(:[^/:]+)?(/.*)?");

  private final DataPolicy policy;
  private final List<Fault> faults = new ArrayList<>();

  PolicyFaults(DataPolicy policy) {
    this.policy = policy;
  }

  List<Fault> find() {
    if (policy.insteadOf() != null && policy.mode() == Mode.ENFORCE) {
      add("/insteadOf", "is for a policy that is not enforced");
    }
    if (policy.name().equals(policy.insteadOf())) {
      add("/insteadOf", "names the policy itself, not the one whose place it is tried out in");
    }
    scope();
    for (String connector : policy.connectorsWithEndpointRules()) {
      endpointRules(connector, policy.endpointRules(ConnectorId.of(connector)));
    }
    urlPatterns(policy.customConnectors());
    if (policy.exemptFlows().size() > MOST_EXEMPT) {
      add("/exemptResources", "names more than 2,000 flows");
    }
    return faults;
  }

  private void scope() {
    boolean listsNone = policy.environments().isEmpty();
    if (policy.scope() == Scope.ALL_ENVIRONMENTS && !listsNone) {
      add("/environments", "must be empty where the policy is for all environments");
    }
    if (policy.scope() == Scope.ONLY_ENVIRONMENTS && listsNone) {
      add("/environments", "must name at least one environment");
    }
    if (policy.scope() == Scope.SINGLE_ENVIRONMENT && policy.environments().size() != 1) {
      add("/environments", "must name one environment");
    }
  }

  private void endpointRules(String connector, List<EndpointRule> rules) {
    String path = "/endpointConfigurations/" + connector + "/endpointRules";
    patterns(path, rules, EndpointRule::order, EndpointRule::endpoint);
  }

  private void urlPatterns(List<UrlPattern> rules) {
    patterns("/rules", rules, UrlPattern::order, UrlPattern::pattern);
    if (policy.scope() == Scope.SINGLE_ENVIRONMENT && !rules.isEmpty()) {
      add("/rules", "belong to a policy of the runtime, not to one of a single environment");
    }
    for (int i = 0; i < rules.size() - 1; i++) {
      if (rules.get(i).group() == null) {
        add(
            "/rules/" + rules.get(i).order(),
            "only the last rule may be Ignore, which leaves the rules behind it nothing to say");
      }
    }
  }

  private <R> void patterns(
      String path, List<R> rules, ToIntFunction<R> order, Function<R, String> pattern) {
    for (int i = 0; i < rules.size(); i++) {
      String place = path + "/" + order.applyAsInt(rules.get(i));
      String text = pattern.apply(rules.get(i));
      if (i > 0 && order.applyAsInt(rules.get(i - 1)) == order.applyAsInt(rules.get(i))) {
        add(place, "is the order of two rules");
      }
      if (text.equals("*") && i < rules.size() - 1) {
        add(place, "'*' must be last: no rule behind it is ever asked");
      }
      if (!isPattern(text)) {
        add(place, "must be '*' or [scheme://]host[:port][/path], without blanks and query");
      }
    }
  }

  private static boolean isPattern(String text) {
    return ENDPOINT.matcher(text).matches()
        && text.chars().noneMatch(c -> c <= ' ' || c > '~' || "?#@\\".indexOf(c) >= 0);
  }

  private void add(String path, String problem) {
    faults.add(new Fault(path, problem));
  }
}

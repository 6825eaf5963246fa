package dev.connectorsdk.internal.governance;

import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The endpoint rules of one policy for one connector, ready to be asked. */
final class EndpointRules {

  /** What denies an IP address that no rule has allowed. */
  private static final String ADDRESSES = "IP addresses";

  private record Ready(EndpointRule rule, EndpointPattern pattern) {

    boolean decides(EffectiveUrl url) {
      return rule.allows()
          ? pattern.matchesNarrowly(url) && (!url.isAddress() || pattern.spellsAddress())
          : pattern.matchesWidely(url);
    }
  }

  private final List<Ready> rules;
  private final boolean nameHosts;

  /**
   * @param rules in their order
   */
  EndpointRules(List<EndpointRule> rules) {
    this.rules =
        rules.stream().map(rule -> new Ready(rule, EndpointPattern.of(rule.endpoint()))).toList();
    this.nameHosts = this.rules.stream().anyMatch(ready -> !ready.pattern().isEverything());
  }

  /** Returns whether there are none, and nothing is denied. */
  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Returns the rule that denies requests to a URL, or {@code null} if they may be sent. */
  @Nullable String denying(EffectiveUrl url) {
    for (Ready ready : rules) {
      if (ready.decides(url)) {
        return ready.rule().allows() ? null : text(ready.rule());
      }
    }
    return nameHosts && url.isAddress() ? ADDRESSES : null;
  }

  /** Returns where a rule has to stand to be asked before the denying one, and before any '*'. */
  int placeBefore(String denying) {
    for (int i = 0; i < rules.size(); i++) {
      Ready ready = rules.get(i);
      if (text(ready.rule()).equals(denying) || ready.pattern().isEverything()) {
        return i;
      }
    }
    return rules.size();
  }

  private static String text(EndpointRule rule) {
    return rule.order() + (rule.allows() ? " Allow " : " Deny ") + rule.endpoint();
  }
}

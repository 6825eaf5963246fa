package dev.connectorsdk.internal.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.PolicyStore.StoredPolicy;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDifference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What decides fast and what explains agree, whatever the policies say. */
@Tag("I3")
class CompiledPoliciesTest {

  private static final Environment PROD = Environment.of("prod");
  private static final List<String> CONNECTORS = List.of("a", "b", "c", "own");

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decidesAsTheExplanationSays(long seed) {
    var random = new Random(seed);
    List<DataPolicy> policies = new ArrayList<>();
    // More than the bits of one word, now and then.
    for (int i = seed % 10 == 0 ? 70 : random.nextInt(4); i >= 0; i--) {
      policies.add(policy(random, "p" + i, seed % 10 == 0 ? 60 : 3));
    }
    Flow flow = flow(random);
    List<DataPolicy> here =
        policies.stream().filter(p -> p.appliesIn(PROD) && p.mode() == Mode.ENFORCE).toList();

    assertThat(new EnvironmentPolicies(PROD, here, CompiledPoliciesTest::facts).isAllowed(flow))
        .as("seed %d", seed)
        .isEqualTo(isAllowed(policies, flow));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIfEqualsWhatThenHappens(long seed) {
    var random = new Random(seed);
    int most = seed % 10 == 0 ? 70 : random.nextInt(4);
    Map<String, DataPolicy> now = new TreeMap<>();
    for (int i = most; i >= 0; i--) {
      now.put("p" + i, policy(random, "p" + i, seed % 10 == 0 ? 60 : 3));
    }
    List<DataPolicy> changed =
        List.of(policy(random, "p" + random.nextInt(most + 2), 3), policy(random, "q", 3));
    Map<String, DataPolicy> then = new TreeMap<>(now);
    changed.forEach(policy -> then.put(policy.name(), policy));
    Flow flow = flow(random);

    PolicyDifference difference = whatIf(now.values(), changed, flow);

    boolean before = isAllowed(now.values(), flow);
    boolean after = isAllowed(then.values(), flow);
    assertThat(difference.newlyBroken().containsKey("flow"))
        .as("seed %d", seed)
        .isEqualTo(before && !after);
    assertThat(difference.stillBroken().containsKey("flow")).isEqualTo(!before && !after);
    assertThat(difference.healed().contains("flow")).isEqualTo(!before && after);
  }

  private static PolicyDifference whatIf(
      Collection<DataPolicy> now, List<DataPolicy> changed, Flow flow) {
    List<StoredPolicy> rows =
        now.stream().map(policy -> new StoredPolicy(policy.name(), 1, policy.toJson())).toList();
    var whatIf =
        new WhatIf(
            PROD,
            PolicySet.of(rows, CompiledPoliciesTest::facts),
            changed,
            CompiledPoliciesTest::facts,
            SeenCalls.none());
    whatIf.add(flow);
    return whatIf.difference();
  }

  private static boolean isAllowed(Collection<DataPolicy> policies, Flow flow) {
    return new PolicyJudge(policies)
        .decide(PROD, FlowUses.of(flow, id -> facts(PROD, id)))
        .isAllowed();
  }

  @Test
  void aFlowIsDecidedOnce() {
    List<ConnectorId> asked = new ArrayList<>();
    var policies =
        new EnvironmentPolicies(
            PROD,
            List.of(DataPolicy.named("p").blocked("a").build()),
            (environment, id) -> {
              asked.add(id);
              return facts(environment, id);
            });
    Flow flow = flow(new Random(1)).calling(ConnectionReference.embedded("x", "b"), "list");

    Verdict first = policies.verdict(flow);

    assertThat(policies.verdict(flow)).isSameAs(first);
    assertThat(asked).doesNotHaveDuplicates();
  }

  private static ConnectorFacts facts(Environment environment, ConnectorId id) {
    boolean custom = id.value().equals("own");
    return new ConnectorFacts(
        id, custom, !id.value().equals("c"), EffectiveUrl.parse("https://own.test"));
  }

  private static Flow flow(Random random) {
    Flow flow = Flow.of("flow", Principal.user("ada"));
    for (String id : CONNECTORS) {
      if (random.nextInt(3) > 0) {
        var reference = ConnectionReference.embedded("r-" + id, id);
        flow =
            random.nextBoolean()
                ? flow.calling(reference, "list", random.nextBoolean() ? "add" : "delete")
                : flow.using(reference);
      }
    }
    return flow;
  }

  private static DataPolicy policy(Random random, String name, int rarely) {
    DataPolicy.Builder policy = DataPolicy.named(name);
    for (String id : CONNECTORS) {
      switch (random.nextInt(rarely * 2)) {
        case 0 -> policy.business(id);
        case 1 -> policy.blocked(id);
        default -> policy.nonBusiness(id);
      }
    }
    switch (random.nextInt(rarely * 2)) {
      case 0 -> policy.in("dev");
      case 1 -> policy.actions("a", ActionRules.blocking("delete"));
      case 2 -> policy.exempt("flow");
      case 3 -> policy.mode(Mode.AUDIT);
      case 4 -> policy.actions("c", ActionRules.allowingOnly());
      case 5 -> policy.customConnectors("own.test", Group.BUSINESS);
      default -> policy.exempt("another");
    }
    return policy.build();
  }
}

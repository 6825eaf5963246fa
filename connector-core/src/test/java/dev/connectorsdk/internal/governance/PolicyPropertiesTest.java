package dev.connectorsdk.internal.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds whatever the policies say. A failure names the seed that made them. */
@Tag("I3")
class PolicyPropertiesTest {

  private static final Environment PROD = Environment.of("prod");
  private static final List<String> CONNECTORS = List.of("a", "b", "c", "d", "own");
  private static final List<String> OPERATIONS = List.of("list", "add", "delete");

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aFurtherPolicyNeverPermitsMore(long seed) {
    var random = new Random(seed);
    List<DataPolicy> some = policies(random);
    FlowUses uses = uses(random);
    List<DataPolicy> more = new ArrayList<>(some);
    more.add(policy(random, "further"));

    assertThat(decide(some, uses).isAllowed() || !decide(more, uses).isAllowed())
        .as("seed %d", seed)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void orderNeverMatters(long seed) {
    var random = new Random(seed);
    List<DataPolicy> policies = policies(random);
    FlowUses uses = uses(random);
    List<DataPolicy> shuffled = new ArrayList<>(policies);
    Collections.shuffle(shuffled, random);
    List<FlowUses.Use> turned = new ArrayList<>(uses.uses());
    Collections.reverse(turned);

    PolicyDecision decision = decide(policies, uses);
    PolicyDecision other = decide(shuffled, new FlowUses(uses.flow(), turned));

    assertThat(other.findings())
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(decision.findings());
    assertThat(other.reasons()).isEqualTo(decision.reasons());
  }

  /** Two connectors conflict if some policy puts one in Business and the other in Non-business. */
  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("7.9: the pairwise formulation is equivalent")
  void pairByPairTheSameMayBeCombined(long seed) {
    var random = new Random(seed);
    List<DataPolicy> policies =
        policies(random).stream().map(p -> p.toBuilder().mode(Mode.ENFORCE).build()).toList();
    List<ConnectorFacts> connectors =
        uses(random).uses().stream().map(FlowUses.Use::connector).toList();
    FlowUses uses =
        new FlowUses(
            "other",
            connectors.stream().map(c -> new FlowUses.Use(c, Set.of(), List.of())).toList());

    boolean conflict =
        connectors.stream()
            .anyMatch(one -> connectors.stream().anyMatch(other -> conflict(policies, one, other)));

    assertThat(decide(policies, uses).isAllowed()).as("seed %d", seed).isEqualTo(!conflict);
  }

  private static boolean conflict(
      List<DataPolicy> policies, ConnectorFacts one, ConnectorFacts other) {
    return policies.stream()
        .filter(policy -> policy.appliesIn(PROD))
        .anyMatch(
            policy -> {
              Group of = Classification.of(one, policy);
              Group with = Classification.of(other, policy);
              return of == Group.BLOCKED || (of != null && with != null && of != with);
            });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSmallestChangeAllowsIt(long seed) {
    var random = new Random(seed);
    List<DataPolicy> policies = policies(random);
    FlowUses uses = uses(random);
    PolicyDecision decision = decide(policies, uses);
    List<DataPolicy> changed = new ArrayList<>(policies);
    for (DataPolicy change : decision.smallestChange()) {
      changed.replaceAll(policy -> policy.name().equals(change.name()) ? change : policy);
    }

    assertThat(decide(changed, uses).isAllowed())
        .as("seed %d: %s", seed, decision.explanation())
        .isTrue();
    assertThat(decision.smallestChange().isEmpty()).isEqualTo(decision.isAllowed());
  }

  /** Of all ways to regroup what is used, none moves fewer connectors. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noSmallerNumberOfMovedConnectorsWouldDo(long seed) {
    var random = new Random(seed);
    DataPolicy policy = grouped(random, DataPolicy.named("p")).build();
    FlowUses uses = uses(random);
    long business = count(policy, uses, Group.BUSINESS);
    long nonBusiness = count(policy, uses, Group.NON_BUSINESS);
    long blocked = count(policy, uses, Group.BLOCKED);

    long moved =
        decide(List.of(policy), uses).smallestChange().stream()
            .flatMap(
                change ->
                    uses.uses().stream()
                        .filter(
                            use ->
                                Classification.of(use.connector(), change)
                                    != Classification.of(use.connector(), policy)))
            .count();

    assertThat(moved).as("seed %d", seed).isEqualTo(blocked + Math.min(business, nonBusiness));
  }

  private static long count(DataPolicy policy, FlowUses uses, Group group) {
    return uses.uses().stream()
        .filter(use -> Classification.of(use.connector(), policy) == group)
        .count();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenSaysTheSame(long seed) {
    DataPolicy policy = policy(new Random(seed), "p");

    assertThat(DataPolicy.read("a file", policy.toJson())).as("seed %d", seed).isEqualTo(policy);
  }

  private static PolicyDecision decide(List<DataPolicy> policies, FlowUses uses) {
    return new PolicyJudge(policies).decide(PROD, uses);
  }

  private static FlowUses uses(Random random) {
    List<FlowUses.Use> uses = new ArrayList<>();
    for (String id : CONNECTORS) {
      if (random.nextBoolean()) {
        boolean custom = id.equals("own");
        var url = EffectiveUrl.parse("https://" + id + ".test/" + random.nextInt(3));
        var facts = new ConnectorFacts(ConnectorId.of(id), custom, !id.equals("d"), url);
        uses.add(new FlowUses.Use(facts, Set.of(any(random, OPERATIONS)), List.of(url)));
      }
    }
    return new FlowUses("flow", uses);
  }

  private static List<DataPolicy> policies(Random random) {
    List<DataPolicy> policies = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      policies.add(policy(random, "p" + i));
    }
    return policies;
  }

  private static DataPolicy policy(Random random, String name) {
    DataPolicy.Builder policy = grouped(random, DataPolicy.named(name));
    switch (random.nextInt(6)) {
      case 0 -> policy.in("dev");
      case 1 -> policy.exceptIn("dev");
      case 2 -> policy.actions(any(random, CONNECTORS), ActionRules.blocking("delete"));
      case 3 -> policy.actions(any(random, CONNECTORS), ActionRules.allowingOnly("list"));
      case 4 -> policy.exempt("flow");
      default -> policy.mode(any(random, List.of(Mode.values())));
    }
    String filtered = any(random, CONNECTORS);
    switch (random.nextInt(4)) {
      case 0 -> policy.denyEndpoint(filtered, "https://" + filtered + ".test/1");
      case 1 -> policy.allowEndpoint(filtered, "*.test/0").denyEndpoint(filtered, "*");
      case 2 -> policy.customConnectors("own.test", any(random, List.of(Group.values())));
      default -> {}
    }
    return policy.build();
  }

  private static DataPolicy.Builder grouped(Random random, DataPolicy.Builder policy) {
    for (String id : CONNECTORS) {
      switch (random.nextInt(5)) {
        case 0 -> policy.business(id);
        case 1 -> policy.nonBusiness(id);
        case 2 -> policy.blocked(id);
        default -> {}
      }
    }
    return policy.others(any(random, List.of(Group.values())));
  }

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}

package dev.connectorsdk.testkit;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.testkit.ContractFinding.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * What every connector has to keep to, whoever wrote it: {@link ContractRule} says what. Each
 * operation is run at a service on this machine that answers well, badly, late and not at all.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> contract() {
 *   return ConnectorContract.of(new TasksPlugin()).tests();
 * }
 * }</pre>
 *
 * <p>{@link ContractTest} is shorter where nothing else is to be said.
 *
 * <p>Inputs are made up from their schemas, and answers from how the code reads them, or from the
 * schema of what it returns. Where that does not do, {@link #sample}, {@link #answers} and {@link
 * #delivery} say better ones, and the rule {@link ContractRule#SAMPLES} says which are missing.
 *
 * <p>Nothing leaves the machine. While secrets are looked for, the standard output and error are
 * watched, and so is Logback if it is what logs. Not safe for use by several threads.
 */
public final class ConnectorContract {

  private static final Map<ContractRule, Check> CHECKS = checks();

  private final Connector connector;
  private final List<AuthStrategy<?>> strategies;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, Object> samples = new LinkedHashMap<>();
  private final Map<String, List<String>> answers = new LinkedHashMap<>();
  private final Map<String, String> deliveries = new LinkedHashMap<>();
  private final Map<String, Secret> signingKeys = new LinkedHashMap<>();
  private final Set<String> reading = new HashSet<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private final Map<ContractRule, String> reasons = new EnumMap<>(ContractRule.class);
  private final List<Consumer<RuntimeBuilder>> settings = new ArrayList<>();
  private @Nullable String authOption;
  private boolean onlyErrors;

  private ConnectorContract(Connector connector, List<AuthStrategy<?>> strategies) {
    this.connector = Objects.requireNonNull(connector, "connector");
    this.strategies = strategies;
  }

  private static Map<ContractRule, Check> checks() {
    Map<ContractRule, Check> all = new EnumMap<>(ContractRule.class);
    all.put(ContractRule.LINT, new LintCheck());
    all.put(ContractRule.SAMPLES, new SamplesCheck());
    all.put(ContractRule.EFFECT, new EffectCheck());
    all.put(ContractRule.WRITE_ONCE, new WriteOnceCheck());
    all.put(ContractRule.RENEWAL, new RenewalCheck());
    all.put(ContractRule.RETRY_AFTER, new RetryAfterCheck());
    all.put(ContractRule.SECRETS, new SecretsCheck());
    all.put(ContractRule.PAGING, new PagingCheck());
    all.put(ContractRule.CANCELLATION, new CancellationCheck());
    all.put(ContractRule.LARGE_ANSWER, new LargeAnswerCheck());
    all.put(ContractRule.BROKEN_ANSWER, new BrokenAnswerCheck());
    all.put(ContractRule.POLLING, new PollingCheck());
    all.put(ContractRule.WEBHOOK, new WebhookCheck());
    return all;
  }

  /** The contract of a connector, written in code or loaded from a definition. */
  public static ConnectorContract of(Connector connector) {
    return new ConnectorContract(connector, List.of());
  }

  static ConnectorContract of(Connector connector, List<AuthStrategy<?>> strategies) {
    return new ConnectorContract(connector, strategies);
  }

  /**
   * The contract of the first connector of a plugin.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static ConnectorContract of(ConnectorProvider plugin) {
    return plugin.connectors().stream()
        .findFirst()
        .map(first -> new ConnectorContract(first, List.copyOf(plugin.authStrategies())))
        .orElseThrow(() -> new IllegalArgumentException("The plugin has no connector"));
  }

  /** Has connections authenticate by this option; else by the first one of the connector. */
  public ConnectorContract authenticatingBy(String id) {
    this.authOption = Objects.requireNonNull(id, "id");
    return this;
  }

  /** Gives a parameter of the connection a value; see {@link ConnectorTest#with}. */
  public ConnectorContract with(String parameter, Object value) {
    values.put(parameter, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Says an input of an action, or a configuration of a trigger, with which it works.
   *
   * @param value what Jackson can turn into JSON, such as a record or a map
   */
  public ConnectorContract sample(String operation, Object value) {
    samples.put(operation, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Says what the service answers to the requests of an operation, one after the other, and then
   * the last one again. Of a polling trigger these are two: before and after something has
   * happened.
   *
   * @param json at least one
   */
  public ConnectorContract answers(String operation, String... json) {
    if (json.length == 0) {
      throw new IllegalArgumentException("Say at least one answer");
    }
    answers.put(operation, List.of(json));
    return this;
  }

  /** Says a body that the service sends to a webhook trigger. */
  public ConnectorContract delivery(String trigger, String json) {
    deliveries.put(trigger, Objects.requireNonNull(json, "json"));
    return this;
  }

  /**
   * Says what the service signs its deliveries with, if neither the connector gives it nor the
   * service: the secret, or the private key in PKCS#8.
   */
  public ConnectorContract signedWith(String trigger, Secret key) {
    signingKeys.put(trigger, Objects.requireNonNull(key, "key"));
    return this;
  }

  /** Says that an action only reads, though it sends POST requests, as searches do. */
  public ConnectorContract reading(String action) {
    reading.add(Objects.requireNonNull(action, "action"));
    return this;
  }

  /**
   * Leaves an action or a trigger out that no service can be played for, such as an upload in
   * chunks. The rule {@link ContractRule#SAMPLES} tells so, in the name of its test, too, and is
   * broken if nothing is left; a rule that does not apply to what was looked at names it.
   *
   * @param because how the sentence goes on, such as {@code its upload has a protocol of its own}
   */
  public ConnectorContract leavingOut(String operation, String because) {
    leftOut.put(operation, Objects.requireNonNull(because, "because"));
    return this;
  }

  /** Has warnings of the lint count for nothing, as for definitions of others. */
  public ConnectorContract allowingWarnings() {
    this.onlyErrors = true;
    return this;
  }

  /**
   * Says that a rule has nothing to be about, and why. That is refused if the connector has it: the
   * rule is broken then.
   *
   * @param because how the sentence goes on, such as {@code the service has no events}
   */
  public ConnectorContract doesNotApply(ContractRule rule, String because) {
    reasons.put(rule, Objects.requireNonNull(because, "because"));
    return this;
  }

  /** Has runtimes that are set up further, before they are built. */
  public ConnectorContract configured(Consumer<RuntimeBuilder> setting) {
    settings.add(setting);
    return this;
  }

  /**
   * Looks at all rules, in their order.
   *
   * @throws IllegalStateException if no connection can be made, because a parameter has no sample
   */
  public List<ContractFinding> check() {
    ContractCase rehearsed = new ContractCase(subject());
    List<ContractFinding> findings = new ArrayList<>();
    CHECKS.forEach((rule, check) -> findings.add(finding(rule, check, rehearsed)));
    return findings;
  }

  /**
   * Returns a test for each rule, for a {@code @TestFactory}. One for a rule that does not apply
   * says why in its name, and passes.
   */
  public Stream<DynamicTest> tests() {
    return check().stream()
        .map(
            finding ->
                DynamicTest.dynamicTest(
                    finding.verdict() == Verdict.BROKEN || finding.text().isEmpty()
                        ? finding.rule().sentence()
                        : finding.toString(),
                    () -> require(finding)));
  }

  private static void require(ContractFinding finding) {
    if (finding.verdict() == Verdict.BROKEN) {
      throw new AssertionError(finding.toString());
    }
  }

  private ContractFinding finding(ContractRule rule, Check check, ContractCase rehearsed) {
    Optional<String> nothing = check.doesNotApply(rehearsed);
    String said = reasons.get(rule);
    if (nothing.isPresent() && !check.isSeenFromDeclaration() && !rehearsed.faults().isEmpty()) {
      return new ContractFinding(
          rule,
          Verdict.BROKEN,
          "Nobody knows whether it applies, since not all operations work with their samples.");
    }
    if (nothing.isPresent()) {
      String reason = said == null ? nothing.get() : said;
      boolean isOfAll =
          leftOut.isEmpty() || (check.isSeenFromDeclaration() && !leavesOutTriggers());
      return new ContractFinding(
          rule, Verdict.DOES_NOT_APPLY, isOfAll ? reason : reason + " " + inWhatWasLookedAt());
    }
    List<String> problems = new ArrayList<>();
    if (said != null) {
      problems.add(
          "It is said not to apply, because "
              + said
              + ", but the connector has what it is about. Take that out.");
    }
    problems.addAll(check.problems(rehearsed));
    return problems.isEmpty()
        ? new ContractFinding(rule, Verdict.HELD, rule == ContractRule.SAMPLES ? leftOutText() : "")
        : new ContractFinding(rule, Verdict.BROKEN, String.join("\n", problems));
  }

  private boolean leavesOutTriggers() {
    return leftOut.keySet().stream().anyMatch(id -> connector.trigger(id).isPresent());
  }

  private String inWhatWasLookedAt() {
    return "in what was looked at; left out: " + String.join(", ", leftOut.keySet());
  }

  private String leftOutText() {
    return leftOut.entrySet().stream()
        .map(one -> "Left out: " + kind(one.getKey()) + ", because " + one.getValue() + ".")
        .collect(Collectors.joining(" "));
  }

  private String kind(String id) {
    return (connector.trigger(id).isPresent() ? "trigger '" : "action '") + id + "'";
  }

  private ContractSubject subject() {
    AuthOption option = FirstSignIn.option(connector, authOption);
    Map<String, Object> all = new LinkedHashMap<>(values);
    for (ConnectionParameter parameter : connector.parameters(option)) {
      boolean isSaid = all.keySet().stream().anyMatch(parameter::isNamed);
      if (!isSaid && parameter.isSecret() && parameter.choices().isEmpty()) {
        all.put(parameter.name(), Secret.of("canary-" + UUID.randomUUID()));
      }
    }
    return new ContractSubject(
        connector,
        option,
        strategies,
        all,
        samples,
        answers,
        deliveries,
        signingKeys,
        reading,
        leftOut,
        settings,
        onlyErrors);
  }
}

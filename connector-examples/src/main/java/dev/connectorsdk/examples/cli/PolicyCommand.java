package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.internal.ByteOrderMark;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "policy",
    description = {
      "Checks data policies, and says what they allow.",
      "",
      "A policy is a JSON file in the form of Power Platform. Flows are one JSON file:",
      "for each flow its connectors, for each of them the operations that it calls:",
      "  " + PolicyCommand.FORM_OF_FLOWS
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  connectors policy check policies/*.json --connectors connectors/",
      "  connectors policy explain policies/*.json --flows flows.json",
      "  connectors policy what-if new.json --now policies/old.json --flows flows.json"
    })
final class PolicyCommand extends TerminalCommand {

  static final String FORM_OF_FLOWS =
      "{ \"invoices\": { \"crm\": [\"ListDeals\"], \"mail\": [\"Send\"] } }";
  private static final String FLOWS_OPTION = "The flows: " + FORM_OF_FLOWS;
  private static final TypeReference<Map<String, Map<String, List<String>>>> FLOWS =
      new TypeReference<>() {};
  private static final int LARGEST = 5 * 1024 * 1024;
  private static final Administrator ME = Administrator.ofRuntime(Principal.user("me"));

  PolicyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    throw new UsageException("say which: check, explain or what-if");
  }

  private static DataPolicy policy(Path file) {
    return DataPolicy.read(
        file.toString(), ByteOrderMark.removedFrom(InputFile.read(file, LARGEST)));
  }

  private static List<DataPolicy> policies(List<Path> files) {
    return files.stream().map(PolicyCommand::policy).toList();
  }

  private static List<Flow> flows(Path file) {
    Map<String, Map<String, List<String>>> flows;
    try {
      flows = JsonMapper.shared().readValue(InputFile.read(file, LARGEST), FLOWS);
    } catch (JacksonException e) {
      throw noFlows(file);
    }
    if (flows == null || flows.isEmpty()) {
      throw noFlows(file);
    }
    List<Flow> all = new ArrayList<>();
    for (Map.Entry<String, Map<String, List<String>>> entry : flows.entrySet()) {
      if (entry.getValue() == null || entry.getValue().containsValue(null)) {
        throw noFlows(file);
      }
      all.add(flow(entry.getKey(), entry.getValue()));
    }
    return all;
  }

  private static UsageException noFlows(Path file) {
    return new UsageException("not flows, which look like " + FORM_OF_FLOWS + ": " + file);
  }

  private static Flow flow(String id, Map<String, List<String>> connectors) {
    Flow flow = Flow.of(id, Principal.user("owner"));
    for (Map.Entry<String, List<String>> entry : connectors.entrySet()) {
      String connector = entry.getKey();
      flow =
          flow.calling(
              ConnectionReference.embedded(connector, connector),
              entry.getValue().toArray(String[]::new));
    }
    return flow;
  }

  private static ObjectNode json(PolicyDecision decision) {
    ObjectNode json = Json.object().put("allowed", decision.isAllowed());
    ArrayNode findings = json.putArray("findings");
    for (PolicyFinding finding : decision.findings()) {
      findings
          .addObject()
          .put("policy", finding.policy())
          .put("label", finding.label())
          .put("mode", finding.mode().name())
          .put("rule", finding.rule())
          .put("problem", finding.problem())
          .put("remedy", finding.remedy());
    }
    ArrayNode changes = json.putArray("smallestChange");
    decision
        .smallestChange()
        .forEach(policy -> changes.add(JsonMapper.shared().readTree(policy.toJson())));
    return json;
  }

  private static ObjectNode json(PolicyDifference difference) {
    ObjectNode json = Json.object();
    ObjectNode newly = json.putObject("newlyBroken");
    new TreeMap<>(difference.newlyBroken())
        .forEach((flow, decision) -> newly.set(flow, json(decision)));
    ObjectNode still = json.putObject("stillBroken");
    new TreeMap<>(difference.stillBroken())
        .forEach((flow, decision) -> still.set(flow, json(decision)));
    ArrayNode healed = json.putArray("healed");
    difference.healed().forEach(healed::add);
    ObjectNode unknown = json.putObject("unknown");
    new TreeMap<>(difference.unknown()).forEach(unknown::put);
    return json;
  }

  private static ConnectorRuntime runtime(RuntimeBuilder builder, Collection<DataPolicy> policies) {
    ConnectorRuntime runtime = builder.build();
    policies.forEach(policy -> runtime.policies().save(ME, policy, 0));
    return runtime;
  }

  @Command(
      name = "check",
      description = {
        "Reads policies, and names rules without effect.",
        "",
        "These are rules that are never reached, candidates that take no place of another policy",
        "among the files (name its file, too), and, with --connectors, ids of connectors and",
        "operations that do not exist and empty groups. Ends with code 1 if there is a remark."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Check extends DataCommand {

    @Parameters(arity = "1..*", paramLabel = "POLICY", description = "Files with policies.")
    private List<Path> files;

    @Mixin private ConnectorsOption connectors;

    Check(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      if (!connectors.isGiven()) {
        hint(
            "which connectors and operations exist was not looked at: name definitions by"
                + " --connectors");
      }
      ArrayNode json = Json.array();
      Map<Path, DataPolicy> policies = new LinkedHashMap<>();
      files.forEach(file -> policies.put(file, policy(file)));
      policies.values().forEach(policy -> hintAtOther(policy, policies.values()));
      try (ConnectorRuntime runtime = runtime(policies.values())) {
        policies.forEach(
            (file, policy) -> {
              for (String remark : runtime.policies().review(policy)) {
                json.addObject().put("file", file.toString()).put("remark", remark);
              }
            });
      }
      if (isJson()) {
        print(json);
      } else if (json.isEmpty()) {
        say("no remarks");
      } else {
        json.forEach(
            remark ->
                say(remark.path("file").asString() + ": " + remark.path("remark").asString()));
      }
      return json.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** A candidate that is checked alone is judged as if nothing were there to be replaced. */
    private void hintAtOther(DataPolicy policy, Collection<DataPolicy> given) {
      String other = policy.insteadOf();
      if (other != null && given.stream().noneMatch(one -> one.name().equals(other))) {
        hint("'" + policy.name() + "' is for the place of '" + other + "': name its file, too");
      }
    }

    /** Several files may be versions of one policy, of which the first stands for all. */
    private ConnectorRuntime runtime(Collection<DataPolicy> policies) {
      Map<String, DataPolicy> named = new LinkedHashMap<>();
      policies.forEach(policy -> named.putIfAbsent(policy.name(), policy));
      return PolicyCommand.runtime(
          ConnectorRuntime.builder().connectors(connectors.catalogue().connectors()),
          named.values());
    }
  }

  @Command(
      name = "explain",
      description = {
        "Says whether the policies allow flows or a request, and why.",
        "",
        "What is refused comes with the smallest change that would allow it, and ends with code 1."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Explain extends DataCommand {

    @Parameters(arity = "1..*", paramLabel = "POLICY", description = "All policies that hold.")
    private List<Path> files;

    @ArgGroup(multiplicity = "1")
    private What what;

    @Mixin private EnvironmentOption environment;

    static final class What {

      @Option(names = "--flows", required = true, paramLabel = "FILE", description = FLOWS_OPTION)
      private List<Path> flows = List.of();

      @ArgGroup(exclusive = false)
      private Request request = new Request();
    }

    static final class Request {

      @Option(
          names = "--url",
          required = true,
          paramLabel = "URL",
          description = "Where a request would go.")
      private URI url = URI.create("");

      @Option(
          names = "--connector",
          required = true,
          paramLabel = "ID",
          description = "Whose request it would be.")
      private String connector = "";
    }

    Explain(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Map<String, PolicyDecision> decisions = new LinkedHashMap<>();
      try (ConnectorRuntime runtime = runtime(ConnectorRuntime.builder(), policies(files))) {
        decide(runtime.policies(), decisions);
      }
      ArrayNode json = Json.array();
      String kind = what.flows.isEmpty() ? "url" : "flow";
      decisions.forEach((of, decision) -> json.add(json(decision).put(kind, of)));
      if (isJson()) {
        print(json);
      } else {
        decisions.forEach(this::tell);
      }
      return decisions.values().stream().allMatch(PolicyDecision::isAllowed)
          ? ExitCode.OK
          : ExitCode.SOFTWARE;
    }

    private void decide(Policies policies, Map<String, PolicyDecision> decisions) {
      Environment here = environment.environment();
      for (Path file : what.flows) {
        flows(file).forEach(flow -> decisions.put(flow.id(), policies.check(here, flow)));
      }
      if (what.flows.isEmpty()) {
        Request request = what.request;
        ConnectorId connector = ConnectorId.of(request.connector);
        decisions.put(request.url.toString(), policies.checkRequest(here, connector, request.url));
      }
    }

    private void tell(String of, PolicyDecision decision) {
      say(terminal().bold(of));
      decision.explanation().lines().forEach(line -> say("  " + line));
    }
  }

  @Command(
      name = "what-if",
      description = {
        "Says which flows a change of policies would break or heal, and changes nothing.",
        "",
        "Ends with code 1 if it would break one."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class WhatIf extends DataCommand {

    @Parameters(
        arity = "1..*",
        paramLabel = "POLICY",
        description = "Policies as they would be, new or instead of those with their names.")
    private List<Path> files;

    @Option(
        names = "--now",
        arity = "1..*",
        paramLabel = "POLICY",
        description = "The policies that hold now.")
    private List<Path> now = List.of();

    @Option(names = "--flows", required = true, paramLabel = "FILE", description = FLOWS_OPTION)
    private Path flows;

    @Mixin private EnvironmentOption environment;

    WhatIf(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      RuntimeBuilder builder =
          ConnectorRuntime.builder().flows(FlowDirectory.of(flows(flows).toArray(Flow[]::new)));
      try (ConnectorRuntime runtime = runtime(builder, policies(now))) {
        PolicyDifference difference =
            runtime
                .policies()
                .whatIf(
                    ME.in(environment.environment()), policies(files).toArray(DataPolicy[]::new));
        if (isJson()) {
          print(PolicyCommand.json(difference));
        } else {
          tell(difference);
        }
        return difference.newlyBroken().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
      }
    }

    private void tell(PolicyDifference difference) {
      tell("newly broken", difference.newlyBroken());
      tell("still broken", difference.stillBroken());
      difference.healed().forEach(flow -> say("healed: " + flow));
      new TreeMap<>(difference.unknown())
          .forEach((flow, what) -> say("unknown: " + flow + " " + what));
    }

    private void tell(String what, Map<String, PolicyDecision> broken) {
      new TreeMap<>(broken)
          .forEach(
              (flow, decision) -> {
                say(what + ": " + terminal().bold(flow));
                decision.explanation().lines().forEach(line -> say("  " + line));
              });
    }
  }
}

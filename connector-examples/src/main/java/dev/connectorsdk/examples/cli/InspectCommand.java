package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.definition.DefinitionReport;
import dev.connectorsdk.definition.LoadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "inspect",
    description = {
      "Shows what definitions offer, and what cannot be used and why.",
      "",
      "Ends with code 1 if a definition is broken."
    },
    footer = {
      "",
      "Examples:",
      "  connectors inspect connectors/rooms",
      "  connectors inspect connectors/ --summary",
      "  connectors inspect connectors/ --json | jq .totals"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InspectCommand extends DataCommand {

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "A definition, or a folder of definitions.")
  private List<Path> folders;

  @Option(names = "--summary", description = "Print the reasons and totals only.")
  private boolean summary;

  @Option(names = "--all", description = "List the operations that can be used, too.")
  private boolean all;

  @Mixin private OverlayOption overlay;

  InspectCommand(Terminal terminal) {
    super(terminal);
  }

  /** A folder and what became of it: one of the two. */
  private record Inspected(
      Path folder,
      @Nullable DefinitionReport report,
      List<AuthOption> authOptions,
      List<OperationInfo> operations,
      @Nullable DefinitionException problem) {

    static Inspected broken(Path folder, DefinitionException problem) {
      return new Inspected(folder, null, List.of(), List.of(), problem);
    }
  }

  @Override
  public Integer call() {
    folders.forEach(DefinitionSource::requireFolder);
    List<Supplier<Inspected>> found = found();
    if (overlay.isGiven() && found.size() != 1) {
      throw new UsageException("--overlay corrects one definition, not " + found.size());
    }
    Totals totals = new Totals();
    ArrayNode json = Json.array();
    List<Inspected> inspected = new ArrayList<>();
    for (Supplier<Inspected> next : Progress.over(found, "Loading", terminal())) {
      Inspected one = next.get();
      totals.add(one);
      if (isJson() && !summary) {
        json.add(json(one));
      } else if (!isJson()) {
        inspected.add(one);
      }
    }
    if (isJson()) {
      ObjectNode result = Json.object();
      if (!summary) {
        result.set("definitions", json);
      }
      result.set("totals", totals.toJson());
      print(result);
    } else {
      if (!summary) {
        inspected.forEach(this::print);
      }
      totals.print(found.size() > 1 || summary);
    }
    return totals.broken.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Returns all that was named, each folder once, in the order of their names. */
  private List<Supplier<Inspected>> found() {
    LoadOptions options = overlay.of(folders.get(0)).options();
    Map<Path, Supplier<Inspected>> byFolder = new TreeMap<>();
    // One catalogue for each: two versions of a definition have the same id.
    for (Path folder : folders) {
      DefinitionCatalogue catalogue = DefinitionCatalogue.load(id -> options, folder);
      for (DefinitionCatalogue.Broken broken : catalogue.broken()) {
        byFolder.put(broken.folder(), () -> Inspected.broken(broken.folder(), broken.problem()));
      }
      for (DefinitionCatalogue.Entry entry : catalogue.entries()) {
        byFolder.put(entry.folder(), () -> inspect(entry, catalogue));
      }
    }
    return List.copyOf(byFolder.values());
  }

  private Inspected inspect(DefinitionCatalogue.Entry entry, DefinitionCatalogue catalogue) {
    try {
      Definition definition = catalogue.definition(entry.connector());
      return new Inspected(
          entry.folder(),
          definition.report(),
          definition.connector().authOptions(),
          OperationInfo.of(definition),
          null);
    } catch (DefinitionException e) {
      overlay.of(entry.folder()).requireFittingOverlay(e);
      return Inspected.broken(entry.folder(), e);
    }
  }

  private void print(Inspected one) {
    DefinitionReport report = one.report();
    DefinitionException problem = one.problem();
    if (problem != null) {
      say(terminal().bold(String.valueOf(one.folder().getFileName())));
      say("  " + terminal().bad("broken") + "  " + BrokenDefinition.place(one.folder(), problem));
      say("          " + Terminal.oneLine(BrokenDefinition.what(problem)));
      say("");
      return;
    }
    if (report == null) {
      return;
    }
    List<OperationInfo> operations = one.operations();
    Counts counts = Counts.of(operations);
    say(terminal().bold(report.connector() + ": " + Terminal.oneLine(report.title())));
    say("  " + Terminal.oneLine(report.baseUrl()));
    counts.inWords().forEach(line -> say("  " + line));
    say("  Sign in with");
    Table options = Table.plain("    ");
    for (AuthOption option : one.authOptions()) {
      String notes = report.authOption(option.id()).map(AuthNotes::of).orElse("");
      options.row(option.id(), option.title(), notes);
    }
    options.print(terminal());
    section("Cannot be used", operations.stream().filter(o -> !o.isSupported()).toList());
    if (all) {
      section("Can be used", operations.stream().filter(OperationInfo::isSupported).toList());
    }
    if (!report.warnings().isEmpty()) {
      say("  Read with a warning");
      Table warnings = Table.plain("    ");
      report.warnings().forEach(w -> warnings.row(w.file() + "#" + w.pointer(), w.message()));
      warnings.print(terminal());
    }
    say("");
  }

  private void section(String title, List<OperationInfo> operations) {
    if (operations.isEmpty()) {
      return;
    }
    say("  " + title);
    Table table = Table.plain("    ");
    operations.forEach(o -> table.row(o.id(), o.kind(), o.isSupported() ? o.title() : o.whyNot()));
    table.print(terminal());
  }

  private static ObjectNode json(Inspected one) {
    ObjectNode json = Json.object();
    json.put("folder", one.folder().toString());
    DefinitionReport report = one.report();
    DefinitionException problem = one.problem();
    if (problem != null) {
      json.put("loaded", false);
      json.set("problem", json(problem));
    }
    if (report == null) {
      return json;
    }
    json.put("loaded", true);
    json.put("connector", report.connector().value());
    json.put("title", report.title());
    json.put("baseUrl", report.baseUrl());
    ArrayNode options = json.putArray("authOptions");
    for (AuthOption option : one.authOptions()) {
      ObjectNode entry = options.addObject().put("id", option.id()).put("title", option.title());
      report.authOption(option.id()).ifPresent(auth -> AuthNotes.write(auth, entry));
    }
    ArrayNode operations = json.putArray("operations");
    one.operations().forEach(operation -> operations.add(operation.toJson()));
    ArrayNode warnings = json.putArray("warnings");
    report
        .warnings()
        .forEach(
            w ->
                warnings
                    .addObject()
                    .put("file", w.file())
                    .put("pointer", w.pointer())
                    .put("message", w.message()));
    return json;
  }

  private static ObjectNode json(DefinitionException problem) {
    ObjectNode json = Json.object().put("file", problem.file());
    if (problem.line() > 0) {
      json.put("line", problem.line()).put("column", problem.column());
    }
    return json.put("message", BrokenDefinition.what(problem));
  }

  /** How many operations there are, and how many of them are supported. */
  private record Counts(int actions, int supportedActions, int triggers, int supportedTriggers) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    static Counts of(List<OperationInfo> operations) {
      return operations.stream().map(Counts::of).reduce(NONE, Counts::plus);
    }

    private static Counts of(OperationInfo operation) {
      int supported = operation.isSupported() ? 1 : 0;
      return operation.reported().isTrigger()
          ? new Counts(0, 0, 1, supported)
          : new Counts(1, supported, 0, 0);
    }

    Counts plus(Counts more) {
      return new Counts(
          actions + more.actions,
          supportedActions + more.supportedActions,
          triggers + more.triggers,
          supportedTriggers + more.supportedTriggers);
    }

    int operations() {
      return actions + triggers;
    }

    int supported() {
      return supportedActions + supportedTriggers;
    }

    List<String> inWords() {
      String called = supportedActions + " of " + actions + " actions can be used";
      String heard = supportedTriggers + " of " + triggers + " triggers can be used";
      return triggers == 0 ? List.of(called) : List.of(called, heard);
    }
  }

  /** What all definitions come to. */
  private final class Totals {

    private final Map<String, Integer> reasons = new TreeMap<>();
    private final List<Inspected> broken = new ArrayList<>();
    private int definitions;
    private Counts counts = Counts.NONE;
    private int warnings;
    private int limitedAuthOptions;

    void add(Inspected one) {
      definitions++;
      DefinitionReport report = one.report();
      if (report == null) {
        broken.add(one);
        return;
      }
      warnings += report.warnings().size();
      limitedAuthOptions +=
          (int) report.authOptions().stream().filter(DefinitionReport.Auth::isLimited).count();
      counts = counts.plus(Counts.of(one.operations()));
      for (OperationInfo operation : one.operations()) {
        operation
            .reported()
            .obstacles()
            .forEach(reason -> reasons.merge(kindOf(reason), 1, Integer::sum));
      }
    }

    /** Reasons that differ only in the names they quote count as one. */
    private static String kindOf(String reason) {
      String line = Terminal.oneLine(reason);
      return line.startsWith("policy template") ? line : line.replaceAll("'[^']*'", "...");
    }

    private List<Map.Entry<String, Integer>> reasonsByNumber() {
      return reasons.entrySet().stream()
          .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .toList();
    }

    void print(boolean withReasons) {
      if (withReasons && !reasons.isEmpty()) {
        say(terminal().bold("Why operations cannot be used, some for several reasons"));
        Table table = Table.plain("  ");
        reasonsByNumber()
            .forEach(
                r ->
                    table.row(
                        String.format("%5d", r.getValue()).replace(' ', '\u00a0'), r.getKey()));
        table.print(terminal());
        say("");
      }
      if (withReasons && !broken.isEmpty()) {
        say(terminal().bold("Broken"));
        for (Inspected one : broken) {
          DefinitionException problem = one.problem();
          if (problem != null) {
            say(
                "  "
                    + BrokenDefinition.place(one.folder(), problem)
                    + ": "
                    + Terminal.oneLine(BrokenDefinition.what(problem)));
          }
        }
        say("");
      }
      say(
          "%d of %d definitions loaded, with %d warnings"
              .formatted(definitions - broken.size(), definitions, warnings));
      say("%d operations, %d of them triggers".formatted(counts.operations(), counts.triggers()));
      counts.inWords().forEach(line -> say("  " + line));
    }

    ObjectNode toJson() {
      ObjectNode json = Json.object();
      json.put("definitions", definitions);
      json.put("loaded", definitions - broken.size());
      json.put("broken", broken.size());
      json.put("operations", counts.operations());
      json.put("actions", counts.actions());
      json.put("triggers", counts.triggers());
      json.put("supported", counts.supported());
      json.put("supportedActions", counts.supportedActions());
      json.put("unsupported", counts.operations() - counts.supported());
      json.put("limitedAuthOptions", limitedAuthOptions);
      json.put("warnings", warnings);
      ObjectNode why = json.putObject("reasons");
      reasonsByNumber().forEach(r -> why.put(r.getKey(), r.getValue()));
      return json;
    }
  }
}

package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.invocation.Forms;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "choices",
    description = {
      "Asks the service what may be given for a parameter.",
      "",
      "It asks with the parameters so far, and authenticates like call.",
      "With --schema it shows what the whole input looks like instead."
    },
    footer = {
      "",
      "Examples:",
      "  connectors choices connectors/desk OpenTicket body/team",
      "  connectors choices connectors/desk OpenTicket body/queue --param team=7 --json",
      "  connectors choices connectors/files Read file --open Documents --open 2026",
      "  connectors choices connectors/desk OpenTicket --schema --param team=7"
    })
final class ChoicesCommand extends ConnectedCommand {

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PARAM",
      description = "The parameter, such as team or body/address/city.")
  private @Nullable String parameter;

  @Option(
      names = "--open",
      paramLabel = "CHOICE",
      description = "In a tree: open the choice with this value or title. Repeat it to go deeper.")
  private List<String> opened = new ArrayList<>();

  @Option(
      names = "--schema",
      description = "Print the input as JSON Schema (2020-12), with what the service knows of it.")
  private boolean schema;

  ChoicesCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  void check() {
    super.check();
    if ((parameter == null) != schema) {
      throw new UsageException("name a parameter, or give --schema for the whole input");
    }
    if (schema && !opened.isEmpty()) {
      throw new UsageException("--open does not go with --schema");
    }
  }

  @Override
  void check(OperationInfo operation) {
    if (operation.action() == null && operation.trigger() == null) {
      throw new FailedException(
          "operation '" + operation.id() + "' cannot be used: " + operation.whyNot());
    }
  }

  @Override
  void run(Asked asked, Way way) {
    try (ConnectorRuntime runtime = way.open()) {
      ask(asked, runtime.forms(), way.reference());
    }
  }

  private void ask(Asked asked, Forms forms, ConnectionReference reference) {
    String operation = asked.operation().id();
    JsonNode given = asked.given().input();
    if (parameter == null) {
      FormSchema input = forms.input(Home.me(), reference, operation, given);
      if (!input.isComplete()) {
        hint("More is known with " + options(input.waitingFor()));
      }
      print(input.schema());
      return;
    }
    try {
      Choices choices = complete(forms.choices(Home.me(), reference, operation, parameter, given));
      for (String name : opened) {
        Choice parent = find(name, choices);
        choices =
            complete(forms.choicesBelow(Home.me(), reference, operation, parameter, given, parent));
      }
      show(choices);
    } catch (NotFoundException e) {
      throw e.kind().equals("input") ? asked.given().unknown(parameter) : e;
    }
  }

  private static Choices complete(Choices choices) {
    if (!choices.waitingFor().isEmpty()) {
      throw new UsageException("needs first " + options(choices.waitingFor()));
    }
    return choices;
  }

  private static String options(Set<String> parameters) {
    return new TreeSet<>(parameters)
        .stream().map(name -> "--param " + name + "=VALUE").collect(Collectors.joining(" "));
  }

  private static Choice find(String name, Choices choices) {
    List<Choice> parents = choices.choices().stream().filter(Choice::isParent).toList();
    return parents.stream()
        .filter(c -> c.title().equals(name) || text(c.value()).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "nothing called '"
                        + name
                        + "' can be opened; there are: "
                        + parents.stream().map(Choice::title).collect(Collectors.joining(", "))));
  }

  private void show(Choices choices) {
    if (isJson()) {
      print(json(choices));
      return;
    }
    if (choices.kind() == Choices.Kind.NONE) {
      hint("Anything may be given for " + parameter);
      return;
    }
    boolean isTree = choices.kind() == Choices.Kind.TREE;
    Table table = isTree ? Table.of("VALUE", "TITLE", "") : Table.of("VALUE", "TITLE");
    for (Choice choice : choices.choices()) {
      String value = choice.isSelectable() ? text(choice.value()) : "-";
      if (isTree) {
        table.row(value, choice.title(), choice.isParent() ? "can be opened" : "");
      } else {
        table.row(value, choice.title());
      }
    }
    table.print(terminal());
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static ObjectNode json(Choices choices) {
    ObjectNode json = Json.object().put("kind", choices.kind().name());
    ArrayNode all = json.putArray("choices");
    for (Choice choice : choices.choices()) {
      ObjectNode one = all.addObject();
      one.set("value", choice.value());
      one.put("title", choice.title());
      one.put("fullTitle", choice.fullTitle());
      one.put("isParent", choice.isParent());
      one.put("isSelectable", choice.isSelectable());
    }
    return json;
  }
}

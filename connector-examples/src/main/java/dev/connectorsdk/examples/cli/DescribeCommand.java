package dev.connectorsdk.examples.cli;

import dev.connectorsdk.definition.Definition;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "describe",
    description = {
      "Shows what an operation takes, returns and does.",
      "",
      "A value within the body can be given under its own name, such as body/address/city."
    },
    footer = {
      "",
      "Examples:",
      "  connectors describe connectors/rooms BookRoom",
      "  connectors describe connectors/rooms BookRoom --schema | jq .input"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DescribeCommand extends DataCommand {

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "OPERATION", description = "The operation's id.")
  private String operationId;

  @Option(
      names = "--schema",
      description = "Print input and output as JSON Schema (2020-12) and nothing else.")
  private boolean schema;

  @Mixin private OverlayOption overlay;

  DescribeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Definition definition = overlay.of(folder).load();
    OperationInfo operation = OperationInfo.named(definition, operationId);
    if (schema || isJson()) {
      ObjectNode json = schema ? Json.object() : operation.toJson();
      if (!schema) {
        json.put("description", operation.description());
      }
      json.set("input", operation.input());
      json.set("output", operation.output());
      print(json);
      return ExitCode.OK;
    }
    say(terminal().bold(operation.id() + ": " + Terminal.oneLine(operation.title())));
    paragraph(operation.description());
    say("");
    Table facts = Table.plain("  ");
    facts.row("request", operation.reported().method() + " " + operation.reported().path());
    String trigger = operation.triggerKind();
    facts.row("kind", trigger == null ? "action" : "trigger (" + trigger + ")");
    String effect = operation.effect();
    if (effect != null) {
      facts.row("effect", effect);
    }
    facts.row("usable", operation.usable());
    facts.print(terminal());
    boolean isTrigger = operation.reported().isTrigger();
    rows(isTrigger ? "Configuration" : "Input", operation.input(), true);
    rows(isTrigger ? "Event" : "Output", operation.output(), false);
    return ExitCode.OK;
  }

  private void paragraph(String text) {
    String line = Terminal.oneLine(text);
    if (line.isEmpty()) {
      return;
    }
    int width = terminal().isOutInteractive() ? terminal().width() : Integer.MAX_VALUE;
    Table.wrap(line, width).forEach(this::say);
  }

  private void rows(String title, @Nullable JsonNode schema, boolean input) {
    say("");
    say(terminal().bold(title));
    List<Outline.Row> rows = Outline.of(schema);
    if (rows.isEmpty()) {
      say(schema == null ? "  not known" : "  nothing");
      return;
    }
    Table table = Table.plain("  ");
    for (Outline.Row row : rows) {
      if (input) {
        table.row(row.name(), row.type(), row.required() ? "required" : "", row.note());
      } else {
        table.row(row.name(), row.type(), row.note());
      }
    }
    table.print(terminal());
  }
}

package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A connector as a page of Markdown. */
final class ConnectorPage {

  private final Connector connector;
  private final DefinitionReport report;
  private final List<OperationInfo> operations;
  private final StringBuilder page = new StringBuilder();

  private ConnectorPage(Definition definition) {
    this.connector = definition.connector();
    this.report = definition.report();
    this.operations = OperationInfo.of(definition);
  }

  /** Returns the page, which depends on the definition alone. */
  static String of(Definition definition) {
    return new ConnectorPage(definition).write();
  }

  private String write() {
    line("# " + text(connector.title()));
    line("");
    if (!connector.description().isBlank()) {
      line(text(connector.description()));
      line("");
    }
    table(
        List.of("", ""),
        List.of(
            List.of("Connector", code(connector.id().value())),
            List.of("Version", text(connector.version())),
            List.of("Service", code(connector.baseUrl()))));
    authentication();
    List<OperationInfo> actions =
        operations.stream().filter(o -> !o.reported().isTrigger()).toList();
    List<OperationInfo> triggers =
        operations.stream().filter(o -> o.reported().isTrigger()).toList();
    overview("Actions", "Effect", actions);
    overview("Triggers", "Kind", triggers);
    actions.forEach(o -> operation(o, "Input", "Output"));
    triggers.forEach(o -> operation(o, "Configuration", "Event"));
    return page.toString();
  }

  private void authentication() {
    line("");
    line("## Authentication");
    for (AuthOption option : connector.authOptions()) {
      line("");
      line("### " + text(option.title()));
      line("");
      line("Auth option " + code(option.id()) + ".");
      report
          .authOption(option.id())
          .map(DefinitionReport.Auth::limitation)
          .ifPresent(limitation -> line("Limited: " + text(limitation) + "."));
      report
          .authOption(option.id())
          .map(DefinitionReport.Auth::weaknesses)
          .filter(weaknesses -> !weaknesses.isEmpty())
          .ifPresent(weaknesses -> line("Weak: " + text(String.join(", ", weaknesses)) + "."));
      parameters(connector.parameters(option).stream().filter(p -> !p.isHidden()).toList());
    }
  }

  private void parameters(List<ConnectionParameter> parameters) {
    if (parameters.isEmpty()) {
      return;
    }
    line("");
    List<List<String>> rows = new ArrayList<>();
    for (ConnectionParameter parameter : parameters) {
      Object standard = parameter.defaultValue();
      rows.add(
          List.of(
              code(parameter.name()),
              parameter.type().name().toLowerCase(Locale.ROOT),
              parameter.isRequired() && standard == null ? "yes" : "",
              text(
                  String.join(
                      " ",
                      parameter.title().equals(parameter.name()) ? "" : parameter.title() + ".",
                      parameter.description(),
                      standard == null ? "" : "Default: " + standard + "."))));
    }
    table(List.of("Parameter", "Type", "Required", "What it is"), rows);
  }

  private void overview(String title, String what, List<OperationInfo> all) {
    if (all.isEmpty()) {
      return;
    }
    line("");
    line("## " + title);
    line("");
    List<List<String>> rows = new ArrayList<>();
    for (OperationInfo operation : all) {
      String effect = operation.effect();
      String kind = operation.triggerKind();
      rows.add(
          List.of(
              "[" + text(operation.title()) + "](#" + anchor(operation) + ")",
              code(operation.id()),
              effect == null ? String.valueOf(kind) : effect,
              operation.isSupported() ? "yes" : "no"));
    }
    table(List.of("Title", "Operation", what, "Usable"), rows);
  }

  private static String anchor(OperationInfo operation) {
    return "op-" + operation.id().replaceAll("[^A-Za-z0-9_-]", "-");
  }

  private void operation(OperationInfo operation, String in, String out) {
    line("");
    line("<a id=\"" + anchor(operation) + "\"></a>");
    line("");
    line("### " + text(operation.title()));
    line("");
    line(
        code(operation.id())
            + ": "
            + code(operation.reported().method() + " " + operation.reported().path()));
    if (!operation.description().isBlank()) {
      line("");
      line(text(operation.description()));
    }
    if (!operation.isSupported()) {
      line("");
      line("**Not usable:** " + text(operation.whyNot()) + ".");
    }
    values(in, operation.input(), true);
    values(out, operation.output(), false);
  }

  private void values(String title, @Nullable JsonNode schema, boolean input) {
    List<Outline.Row> outline = Outline.of(schema);
    if (outline.isEmpty()) {
      return;
    }
    line("");
    line("**" + title + "**");
    line("");
    List<List<String>> rows = new ArrayList<>();
    for (Outline.Row row : outline) {
      rows.add(
          input
              ? List.of(code(row.name()), row.type(), row.required() ? "yes" : "", text(row.note()))
              : List.of(code(row.name()), row.type(), text(row.note())));
    }
    table(
        input
            ? List.of("Name", "Type", "Required", "What it is")
            : List.of("Name", "Type", "What it is"),
        rows);
  }

  private void table(List<String> header, List<List<String>> rows) {
    line("| " + String.join(" | ", header) + " |");
    line("|" + " --- |".repeat(header.size()));
    rows.forEach(row -> line("| " + String.join(" | ", row) + " |"));
  }

  /** What a file says is text on the page: no markup, no HTML, no end of a table's cell. */
  private static String text(String text) {
    return Terminal.oneLine(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replaceAll("([\\\\`*_\\[\\]|#!])", "\\\\$1");
  }

  private static String code(String text) {
    String line = Terminal.oneLine(text).replace("|", "\\|");
    return line.contains("`") ? text(line) : "`" + line + "`";
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}

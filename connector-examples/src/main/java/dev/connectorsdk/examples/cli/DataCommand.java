package dev.connectorsdk.examples.cli;

import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that prints data: for people, or with {@code --json} for machines. */
abstract class DataCommand extends TerminalCommand {

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DataCommand(Terminal terminal) {
    super(terminal);
  }

  boolean isJson() {
    return json;
  }

  void print(JsonNode data) {
    Json.print(data, terminal().out());
  }
}

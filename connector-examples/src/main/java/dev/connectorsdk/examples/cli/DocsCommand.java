package dev.connectorsdk.examples.cli;

import dev.connectorsdk.definition.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "docs",
    description = "Writes a Markdown page about a connector. The same files give the same page.",
    footer = {
      "",
      "Examples:",
      "  connectors docs connectors/rooms",
      "  connectors docs connectors/rooms --output rooms.md"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DocsCommand extends TerminalCommand {

  @Parameters(paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to this file instead of the standard output.")
  private @Nullable Path output;

  DocsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Definition definition = load(folder);
    String page = ConnectorPage.of(definition);
    if (output == null) {
      terminal().out().print(page);
    } else {
      Files.writeString(output, page);
    }
    return ExitCode.OK;
  }
}

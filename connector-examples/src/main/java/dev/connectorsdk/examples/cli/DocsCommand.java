package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.definition.Definition;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

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
final class DocsCommand extends DataCommand {

  @Parameters(paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to this file instead of the standard output.")
  private @Nullable Path output;

  @Mixin private OverlayOption overlay;

  DocsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Definition definition = overlay.of(folder).load();
    String page = ConnectorPage.of(definition);
    if (output != null) {
      WholeFile.write(output, page.getBytes(UTF_8));
    }
    if (isJson()) {
      ObjectNode json = Json.object();
      json.put("connector", definition.report().connector().value());
      json.put("title", definition.report().title());
      if (output == null) {
        json.put("markdown", page);
      } else {
        json.put("file", output.toString());
      }
      print(json);
    } else if (output == null) {
      terminal().out().print(page);
    }
    return ExitCode.OK;
  }
}

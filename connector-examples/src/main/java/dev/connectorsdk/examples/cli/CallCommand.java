package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.examples.dryrun.DryNetwork;
import dev.connectorsdk.examples.dryrun.ShownRequest;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "call",
    description = {
      "Calls an operation and prints the body of the answer.",
      "",
      "It authenticates with what --connect gives, else with --connection, else with",
      "the only stored connection of this connector, else not at all."
    },
    footer = {
      "",
      "Examples:",
      "  connectors call connectors/rooms FindRooms --param floor=2 \\",
      "      --connect api_key=env:ROOMS_KEY",
      "  connectors call connectors/rooms BookRoom --param room=Ada \\",
      "      --param booking/purpose=Lunch --dry-run",
      "  connectors call connectors/rooms BookRoom --input booking.json \\",
      "      --connection rooms --base-url http://localhost:8080/rooms",
      "  echo '{\"floor\": 2}' | connectors call connectors/rooms FindRooms --input -"
    })
final class CallCommand extends ConnectedCommand {

  @Option(
      names = {"-n", "--dry-run"},
      description = "Print the request, secrets masked, and send nothing.")
  private boolean dryRun;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long the call may take (default: ${DEFAULT-VALUE}).")
  private int timeout;

  @Option(
      names = "--items",
      paramLabel = "NUMBER",
      description = "Follow the next links of a list until there are this many items.")
  private @Nullable Integer items;

  @Option(
      names = "--no-wait",
      description = "Return an answer 202 at once rather than wait until the work is done.")
  private boolean noWait;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the body to this file; files and other bytes as they are.")
  private @Nullable Path output;

  CallCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  void check() {
    super.check();
    if (timeout < 1) {
      throw new UsageException("--timeout must be at least 1");
    }
    if (items != null && (items < 1 || items > 100_000)) {
      throw new UsageException("--items must be 1 to 100000");
    }
  }

  @Override
  void check(OperationInfo operation) {
    if (!operation.isSupported() || operation.action() == null) {
      throw new FailedException(
          "operation '"
              + operation.id()
              + "' cannot be called: "
              + (operation.isSupported()
                  ? "it is a trigger; see: connectors help listen"
                  : operation.whyNot()));
    }
  }

  @Override
  boolean isDry() {
    return dryRun;
  }

  @Override
  void run(Asked asked, Way way) throws IOException {
    CallOptions options = CallOptions.standard().within(Duration.ofSeconds(timeout));
    options = items == null ? options : options.collectingPages(items);
    options = noWait ? options.withoutWaiting() : options;
    String operation = asked.operation().id();
    try (ConnectorRuntime runtime = way.open();
        Progress.OfFiles progress = Progress.ofFiles(terminal())) {
      JsonNode input = asked.given().input(file -> progress.of("Sending " + file));
      CallOptions saving =
          output == null
              ? options
              : options.saveTo(FileTarget.of(output).onProgress(progress.of("Downloading")));
      show(runtime.invoke(Home.me(), way.reference(), operation, input, saving));
    }
  }

  @Override
  void dryRun(Asked asked, Home home, Connection connection) {
    show(dry(asked).with(home, connection));
  }

  @Override
  void dryRun(Asked asked, ConnectionForm form, ClientRegistration client) {
    hide(List.of(DryNetwork.TOKEN));
    show(dry(asked).with(form, client));
  }

  private static DryRun dry(Asked asked) {
    return new DryRun(asked.connector(), asked.operation().id(), asked.given().input());
  }

  private void show(Request request) {
    ShownRequest shown = new ShownRequest(request, mask());
    if (isJson()) {
      print(shown.toJson());
    } else {
      terminal().out().print(Terminal.manyLines(shown.toText()));
    }
  }

  private void show(JsonNode answer) throws IOException {
    JsonNode body = answer.path("body");
    if (output != null) {
      hint(write(body, output) + " bytes written to " + output);
      if (isJson()) {
        ((ObjectNode) answer).remove("body");
      } else {
        return;
      }
    }
    if (isJson()) {
      print(answer);
      return;
    }
    AnswerBody.print(body, terminal());
  }

  /** Returns how many bytes there are; a file has been written while it came. */
  private static long write(JsonNode body, Path file) throws IOException {
    if (body.path("$size").isNumber() && !body.has("$content")) {
      return body.path("$size").longValue();
    }
    byte[] content = AnswerBody.bytes(body);
    WholeFile.write(file, content);
    return content.length;
  }
}

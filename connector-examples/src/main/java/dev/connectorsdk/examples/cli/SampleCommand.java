package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.examples.dryrun.ShownRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "sample",
    description = {
      "Sends a sample of what a service sends when a trigger fires, to any URL.",
      "",
      "It is signed as the trigger declares, and made up from the trigger's schema",
      "unless --body is given."
    },
    footer = {
      "",
      "Examples:",
      "  connectors sample connectors/rooms WhenRoomIsFree --dry-run \\",
      "      --to http://localhost:8080/hooks/abc",
      "  connectors sample connectors/desk WhenATicketIsOpened --body ticket.json \\",
      "      --secret env:HOOK_SECRET --to http://localhost:8080/hooks/abc"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SampleCommand extends DataCommand {

  private static final int LARGEST_ANSWER = 64 * 1024;

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "TRIGGER", description = "The trigger's id.")
  private String triggerId;

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      description = "Where to send it: the callback URL.")
  private String url;

  @Option(
      names = "--secret",
      paramLabel = "VALUE",
      description =
          "What to sign with: @FILE, env:VARIABLE or the value. For a signature with a key pair the"
              + " private key.")
  private @Nullable String secret;

  @Option(
      names = "--body",
      paramLabel = "FILE",
      description = "What to send; - reads the standard input.")
  private @Nullable String body;

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "A header, such as the one that names the kind of event.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Print the request, the secret masked, and send nothing.")
  private boolean dryRun;

  @Mixin private OverlayOption overlay;

  SampleCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    HttpUrl to = HttpUrl.parse(url);
    if (to == null) {
      throw new UsageException("--to must be an http or https URL");
    }
    OperationInfo operation = OperationInfo.named(overlay.of(folder).load(), triggerId);
    if (!(operation.trigger() instanceof WebhookTrigger<?, ?> trigger)) {
      throw new FailedException(
          "operation '" + operation.id() + "' is no trigger that a service calls back");
    }
    SampleRequest sample = new SampleRequest(trigger.signature(), to, Clock.systemUTC().instant());
    Request request = sample.with(headers(), body(operation), secret());
    if (dryRun) {
      show(new ShownRequest(request, mask()));
      return ExitCode.OK;
    }
    return send(request);
  }

  private @Nullable Secret secret() {
    if (secret == null) {
      return null;
    }
    Secret given = new Given(terminal()).value("--secret", secret);
    hide(List.of(given));
    return given;
  }

  private Map<String, String> headers() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("content-type", "application/json");
    for (String given : headers) {
      NameAndText header = NameAndText.of(given, "--header", "NAME=VALUE");
      all.put(header.name().toLowerCase(Locale.ROOT), header.text());
    }
    return all;
  }

  private byte[] body(OperationInfo operation) throws IOException {
    if (body == null) {
      JsonNode event = SampleEvent.of(operation.output(), Clock.systemUTC().instant());
      return Json.MAPPER.writeValueAsBytes(operation.isBatch() ? Json.array().add(event) : event);
    }
    return body.equals("-")
        ? InputFile.read(terminal().in(), "the standard input", InputFile.LARGEST)
        : InputFile.read(Path.of(body), InputFile.LARGEST);
  }

  private void show(ShownRequest request) {
    if (isJson()) {
      print(request.toJson());
    } else {
      terminal().out().print(Terminal.manyLines(request.toText()));
    }
  }

  private int send(Request request) throws IOException {
    OkHttpClient client = new OkHttpClient.Builder().followRedirects(false).build();
    try (Response answer = client.newCall(request).execute()) {
      String text = answer.peekBody(LARGEST_ANSWER).string();
      if (isJson()) {
        print(Json.object().put("statusCode", answer.code()).put("body", text));
      } else {
        say(answer.code() + (text.isEmpty() ? "" : " " + Terminal.oneLine(text)));
      }
      return answer.isSuccessful() ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (IOException e) {
      throw new FailedException(
          "nobody answers at " + request.url().host() + ":" + request.url().port());
    } finally {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    }
  }
}

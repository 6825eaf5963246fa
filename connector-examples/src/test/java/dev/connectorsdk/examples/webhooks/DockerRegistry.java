package dev.connectorsdk.examples.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.WebhookTrigger;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A registry of container images as Debian has it, on a free port of 127.0.0.1, which keeps what is
 * pushed in memory. It posts each push to a URL that is in its configuration, with the pauses of
 * that, until it is answered with success.
 */
final class DockerRegistry implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");
  private static final Path UNPACKED =
      Path.of("target", "debian", "docker-registry").toAbsolutePath();
  private static final int INSTALL_MINUTES = 2;

  private final Process process;
  private final String url;
  private final HttpClient client = HttpClient.newHttpClient();

  private DockerRegistry(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts one that posts to a callback, and sends the secret of that as a bearer token.
   *
   * @param folder for its configuration
   */
  static DockerRegistry start(Path folder, WebhookTrigger.Callback callback) throws Exception {
    Path configuration =
        Files.writeString(
            folder.resolve("registry.yml"),
            """
            version: 0.1
            storage: {inmemory: {}}
            http: {addr: "127.0.0.1:0", secret: any}
            notifications:
              endpoints:
                - name: callback
                  url: "%s"
                  headers: {Authorization: ["Bearer %s"]}
                  timeout: 5s
                  threshold: 3
                  backoff: 500ms
            """
                .formatted(callback.url(), callback.secret().reveal()));
    // It ends when this process does, which closes the pipe.
    String both = "\"$0\" serve \"$1\" & registry=$!; cat > /dev/null; kill $registry";
    Process process =
        new ProcessBuilder(
                "sh", "-c", both, program().orElseThrow().toString(), configuration.toString())
            .redirectErrorStream(true)
            .start();
    return new DockerRegistry(process, "http://" + address(process.inputReader(UTF_8)));
  }

  private static String address(BufferedReader output) throws IOException {
    StringBuilder printed = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        Thread reader = new Thread(() -> output.lines().forEach(more -> {}), "output of registry");
        reader.setDaemon(true);
        reader.start();
        return matcher.group(1);
      }
      printed.append(line).append('\n');
    }
    throw new IOException("The registry does not listen:\n" + printed);
  }

  /** Pushes an image without layers. */
  void push(String repository, String tag) throws Exception {
    String configuration = "{}";
    String digest =
        "sha256:"
            + HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256").digest(configuration.getBytes(UTF_8)));
    HttpResponse<Void> upload =
        send("POST", url + "/v2/" + repository + "/blobs/uploads/", "application/json", "");
    String place = upload.headers().firstValue("Location").orElseThrow();
    send("PUT", place + "&digest=" + digest, "application/octet-stream", configuration);
    String type = "application/vnd.docker.distribution.manifest.v2+json";
    send(
        "PUT",
        url + "/v2/" + repository + "/manifests/" + tag,
        type,
        """
        {"schemaVersion": 2, "mediaType": "%s", "layers": [],
         "config": {"mediaType": "application/json", "size": 2, "digest": "%s"}}
        """
            .formatted(type, digest));
  }

  private HttpResponse<Void> send(String method, String to, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(to))
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("The registry answered " + answer.statusCode() + " to " + method);
    }
    return answer;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static Optional<Path> program() {
    return Stream.of(Path.of("/"), UNPACKED)
        .map(root -> root.resolve("usr/bin/docker-registry"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static void install() throws IOException, InterruptedException {
    if (program().isPresent()) {
      return;
    }
    Path folder = Files.createDirectories(UNPACKED);
    Path log = folder.resolve("install.log");
    String download = "apt-get download docker-registry && dpkg-deb -x docker-registry_*.deb .";
    Process process =
        new ProcessBuilder("sh", "-c", download)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (!ended || process.exitValue() != 0) {
      throw new IOException("apt-get download docker-registry failed, see " + log);
    }
  }

  /**
   * Unpacks Debian's package below {@code target}, which takes no rights, unless it is installed.
   * Where that is not possible the class is skipped, or fails if the system property {@code
   * connectorsdk.test.debian} is {@code required}.
   */
  static final class Installed implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        install();
        return ConditionEvaluationResult.enabled("docker-registry is here");
      } catch (IOException e) {
        return without(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return without(e);
      }
    }

    private static ConditionEvaluationResult without(Exception failure) {
      if ("required".equals(System.getProperty("connectorsdk.test.debian"))) {
        throw new IllegalStateException("Debian's docker-registry is required", failure);
      }
      return ConditionEvaluationResult.disabled(
          "NOT TESTED against docker-registry, which is a package of Debian: "
              + failure.getMessage());
    }
  }
}

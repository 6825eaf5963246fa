package dev.connectorsdk.authserver;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.fixtures.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Keycloak that is started from its distribution, on free ports of 127.0.0.1 and with its
 * database in memory, with the realm of {@code keycloak-realm.json}.
 */
final class Keycloak implements AuthorizationServer {

  private static final int MINUTES = 5;
  private static final long PAUSE_MILLIS = 250;

  private static final List<String> BUILD =
      List.of(
          "build",
          "--db=dev-mem",
          "--health-enabled=true",
          "--features-disabled=organization,ciba,impersonation");

  private final OkHttpClient http = new OkHttpClient();
  private final Process process;
  private final String issuer;
  private final JsonNode metadata;

  private Keycloak(Process process, int port, int managementPort, Path log)
      throws IOException, InterruptedException {
    this.process = process;
    this.issuer = "http://127.0.0.1:" + port + "/realms/test";
    try {
      awaitReady("http://127.0.0.1:" + managementPort + "/health/ready", log);
      this.metadata = read(issuer + "/.well-known/openid-configuration");
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts it, and waits until it serves. What is slow about that is done once for each folder.
   *
   * @param home the folder with {@code bin}
   * @param key of the client {@code keyed}
   */
  static Keycloak start(Path home, RSAKey key) throws IOException, InterruptedException {
    Path log = Path.of("target", "keycloak.log").toAbsolutePath();
    Files.deleteIfExists(log);
    Path built = home.resolve("built-for-tests");
    if (!Files.exists(built)) {
      Process build = run(home, log, BUILD);
      if (!build.waitFor(MINUTES, TimeUnit.MINUTES) || build.exitValue() != 0) {
        end(build);
        throw new IOException("Keycloak cannot be built:\n" + Files.readString(log));
      }
      Files.createFile(built);
    }
    Path realms = Files.createDirectories(home.resolve("data").resolve("import"));
    Files.writeString(realms.resolve("test-realm.json"), realm(key));
    int port = LocalServer.freePort();
    int managementPort = LocalServer.freePort();
    List<String> start =
        List.of(
            "start",
            "--optimized",
            "--import-realm",
            "--cache=local",
            "--http-enabled=true",
            "--hostname-strict=false",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--http-management-host=127.0.0.1",
            "--http-management-port=" + managementPort);
    return new Keycloak(run(home, log, start), port, managementPort, log);
  }

  private static Process run(Path home, Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", home.resolve("bin/kc.sh").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx768m");
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
    return process;
  }

  private static String realm(RSAKey key) throws IOException {
    try (InputStream file = Keycloak.class.getResourceAsStream("keycloak-realm.json")) {
      String realm = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      String keys = new JWKSet(key.toPublicJWK()).toString();
      return realm.replace("${JWKS}", keys.replace("\"", "\\\""));
    }
  }

  private void awaitReady(String health, Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (System.nanoTime() < end && process.isAlive()) {
      try (Response answer = http.newCall(new Request.Builder().url(health).build()).execute()) {
        if (answer.isSuccessful()) {
          return;
        }
      } catch (IOException e) {
        // Not there yet.
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    throw new IOException("Keycloak does not start:\n" + Files.readString(log));
  }

  private JsonNode read(String url) throws IOException {
    return read(new Request.Builder().url(url).build());
  }

  private JsonNode read(Request request) throws IOException {
    try (Response answer = http.newCall(request).execute()) {
      String text = answer.body().string();
      if (!answer.isSuccessful()) {
        throw new IOException(request.url() + " was answered with " + answer.code() + ": " + text);
      }
      return new JsonMapper().readTree(text);
    }
  }

  @Override
  public String issuer() {
    return issuer;
  }

  @Override
  public String endpoint(String name) {
    return metadata.path(name).asString();
  }

  @Override
  public String api() {
    return issuer + "/protocol/openid-connect";
  }

  @Override
  public String whoAmI() {
    return "/userinfo";
  }

  @Override
  public Secret secret(String client) {
    return Secret.of(client + "-s3cret");
  }

  @Override
  public Secret tokenOfHost(String user) {
    FormBody.Builder form = new FormBody.Builder();
    form.add("grant_type", "password").add("scope", "openid");
    form.add("client_id", "host").add("client_secret", "host-s3cret");
    login(user).forEach(form::add);
    try {
      return Secret.of(
          read(new Request.Builder().url(endpoint("token_endpoint")).post(form.build()).build())
              .path("access_token")
              .asString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI signIn(Browser browser, URI link, URI target, String user) {
    browser.open(link, target);
    URI next = browser.submit("username", login(user), target);
    return next.toString().startsWith(target.toString())
        ? next
        : browser.submit("accept", Map.of(), target);
  }

  @Override
  public URI refuse(Browser browser, URI link) {
    browser.open(link, CALLBACK);
    // Who has agreed before is not asked again.
    browser.submit("username", login("mallory"), CALLBACK);
    return browser.submit("cancel", Map.of(), CALLBACK);
  }

  @Override
  public void signInOnDevice(Browser browser, URI verification, String user) {
    URI nowhere = URI.create("https://nowhere.test");
    browser.open(verification, nowhere);
    browser.submit("username", login(user), nowhere);
    browser.submit("accept", Map.of(), nowhere);
  }

  private static Map<String, String> login(String user) {
    return Map.of("username", user, "password", "pass-word-1");
  }

  @Override
  public Map<String, Integer> counts() {
    return Map.of();
  }

  @Override
  public void close() {
    end(process);
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
  }

  /** What is started is a shell, and the server its child. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}

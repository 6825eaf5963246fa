package dev.connectorsdk.node;

import dev.connectorsdk.fixtures.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that nobody here wrote: a Node.js process on a free port of 127.0.0.1.
 *
 * <p>A test class is extended with {@link Installed}, and starts in {@code @BeforeAll} what it
 * closes in {@code @AfterAll}. What can be started is in {@code src/test/node}: its {@code
 * package.json}, and scripts of our own beside it.
 */
public final class NodeServer implements AutoCloseable {

  private static final Pattern ADDRESS =
      Pattern.compile("(?:http://|successfully started on )(127\\.0\\.0\\.1:[1-9][0-9]*)");
  private static final int START_SECONDS = 60;
  private static final int LINES_KEPT = 40;

  private final Process process;
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final Deque<String> output = new ArrayDeque<>(); // guarded by itself

  private NodeServer(Process process) {
    this.process = process;
  }

  /**
   * Starts a script and waits until it prints its address, {@code http://127.0.0.1:} and the port
   * that it listens on. It should ask for port 0, so that no two servers want the same one.
   *
   * @param script below {@code src/test/node}, such as {@code node_modules/azurite/dist/...}
   */
  public static NodeServer start(String script, String... arguments)
      throws IOException, InterruptedException {
    Path folder = NodeModules.install();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", "--require", "./end-with-parent.cjs", script));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    NodeServer server = new NodeServer(process);
    Thread reader = new Thread(server::read, "output of " + script);
    reader.setDaemon(true);
    reader.start();
    server.awaitAddress(script);
    return server;
  }

  /** Starts the Blob service of Azurite, which checks Shared Key signatures. */
  public static NodeServer azuriteBlob() throws IOException, InterruptedException {
    return azurite("blob", 0);
  }

  /** Starts the Table service of Azurite, which checks Shared Key signatures. */
  public static NodeServer azuriteTable() throws IOException, InterruptedException {
    // It does not say which port it got.
    return azurite("table", LocalServer.freePort());
  }

  private static NodeServer azurite(String service, int port)
      throws IOException, InterruptedException {
    return start(
        "node_modules/azurite/dist/src/" + service + "/main.js",
        "--" + service + "Host",
        "127.0.0.1",
        "--" + service + "Port",
        Integer.toString(port),
        "--inMemoryPersistence",
        "--disableTelemetry",
        "--silent");
  }

  /** Returns {@code http://127.0.0.1:port}. */
  public String url() {
    return address.join();
  }

  /** Returns the last lines that the server printed. */
  public String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
        Matcher matcher = ADDRESS.matcher(line);
        if (matcher.find()) {
          address.complete("http://" + matcher.group(1));
        }
      }
      address.completeExceptionally(new IOException("It ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  private void keep(String line) {
    synchronized (output) {
      if (output.size() == LINES_KEPT) {
        output.removeFirst();
      }
      output.addLast(line);
    }
  }

  private void awaitAddress(String script) throws IOException, InterruptedException {
    try {
      address.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IOException(script + " did not say where it listens:\n" + output(), e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /**
   * Installs what {@code src/test/node/package.json} names. Where that is not possible the class is
   * skipped, or fails if the system property {@code connectorsdk.test.node} is {@code required}.
   */
  public static final class Installed implements ExecutionCondition {

    private static final ExtensionContext.Namespace NAMESPACE =
        ExtensionContext.Namespace.create(NodeServer.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Attempt attempt =
          context
              .getRoot()
              .getStore(NAMESPACE)
              .getOrComputeIfAbsent(Attempt.class, key -> Attempt.made(), Attempt.class);
      if (attempt.failure() == null) {
        return ConditionEvaluationResult.enabled("Node.js is here");
      }
      if ("required".equals(System.getProperty("connectorsdk.test.node"))) {
        throw new IllegalStateException("Node.js servers are required", attempt.failure());
      }
      return ConditionEvaluationResult.disabled(
          "NOT TESTED against servers that need Node.js 20, npm and its registry: "
              + attempt.failure().getMessage());
    }
  }

  private record Attempt(Exception failure) {

    static Attempt made() {
      try {
        NodeModules.install();
        return new Attempt(null);
      } catch (IOException e) {
        return new Attempt(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Attempt(e);
      }
    }
  }
}

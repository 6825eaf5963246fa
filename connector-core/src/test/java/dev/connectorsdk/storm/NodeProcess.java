package dev.connectorsdk.storm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A host in a process of its own, and what it says. */
final class NodeProcess implements AutoCloseable {

  static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /**
   * Starts a {@link StormNode}.
   *
   * @param minutes by how much its clock is wrong
   * @param zone its time zone
   */
  NodeProcess(int port, String schema, String url, int minutes, String zone) throws IOException {
    this(
        StormNode.class,
        CLASS_PATH,
        zone,
        String.valueOf(port),
        schema,
        url,
        String.valueOf(minutes));
  }

  /**
   * Starts a program.
   *
   * @param zone its time zone
   */
  NodeProcess(Class<?> program, String classPath, String zone, String... arguments)
      throws IOException {
    this(List.of(), List.of("-Xmx192m", "-Duser.timezone=" + zone), classPath, program, arguments);
  }

  private NodeProcess(
      List<String> launcher,
      List<String> options,
      String classPath,
      Class<?> program,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Thread reader = new Thread(this::read, "node-reader");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a program.
   *
   * @param heap such as {@code -Xmx64m}
   */
  static NodeProcess start(String heap, Class<?> program, String... arguments) throws IOException {
    return new NodeProcess(List.of(), List.of(heap), CLASS_PATH, program, arguments);
  }

  /** Starts a program in a network namespace of Linux. */
  static NodeProcess in(String network, Class<?> program, String... arguments) throws IOException {
    List<String> launcher = List.of("ip", "netns", "exec", network);
    return new NodeProcess(launcher, List.of("-Xmx192m"), CLASS_PATH, program, arguments);
  }

  private void read() {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // The process was killed.
    }
  }

  void send(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the next line that begins like this; other words of the process are passed over. */
  String await(String beginning) throws InterruptedException {
    while (true) {
      String line = lines.poll(120, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("The node does not say '" + beginning + "'");
      }
      if (line.startsWith(beginning)) {
        return line;
      }
    }
  }

  /** Returns the id of the process. */
  String id() {
    return String.valueOf(process.pid());
  }

  /** Waits until the process ends by itself. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      throw new AssertionError("The node does not end");
    }
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends the process a signal, such as {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

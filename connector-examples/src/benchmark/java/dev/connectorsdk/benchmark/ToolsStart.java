package dev.connectorsdk.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.examples.cli.Connectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From the start of a JVM until {@code connectors mcp} over a folder of definitions has answered
 * {@code tools/list}, next to a JVM that loads the folder as a catalogue and nothing else, in turn.
 *
 * <p>Budget: at most 1.3 times the time.
 */
public final class ToolsStart {

  private static final String LOADED = "loaded";

  private ToolsStart() {}

  /**
   * Measures.
   *
   * @param args the folder, and how many JVMs of each kind
   */
  public static void main(String[] args) throws Exception {
    if (args[0].equals(LOADED)) {
      System.out.println(LOADED + " " + DefinitionCatalogue.load(Path.of(args[1])));
      return;
    }
    Path home = Files.createTempDirectory("home").resolve("none");
    List<Double> served = new ArrayList<>();
    List<Double> loaded = new ArrayList<>();
    for (int i = -1; i < Integer.parseInt(args[1]); i++) { // The first bring files into memory.
      double one = served(args[0], home);
      double other = loaded(args[0]);
      if (i >= 0) {
        served.add(one);
        loaded.add(other);
      }
    }
    double ours = median(served);
    double alone = median(loaded);
    System.out.printf(
        "to tools/list: %.0f ms, catalogue alone %.0f ms, %.2f times%n", ours, alone, ours / alone);
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  private static Process start(String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static double loaded(String folder) throws IOException {
    long began = System.nanoTime();
    Process process = start(ToolsStart.class.getName(), LOADED, folder);
    try (BufferedReader lines = process.inputReader()) {
      require(lines, LOADED);
      return (System.nanoTime() - began) / 1e6;
    } finally {
      process.destroy();
    }
  }

  private static double served(String folder, Path home) throws IOException {
    long began = System.nanoTime();
    Process process = start(Connectors.class.getName(), "mcp", folder, "--home", home.toString());
    try (BufferedReader lines = process.inputReader();
        OutputStream in = process.getOutputStream()) {
      send(
          in,
          """
          {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
          "capabilities":{},"clientInfo":{"name":"benchmark","version":"1"}}}
          """);
      require(lines, "serverInfo");
      send(in, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
      send(in, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}\n");
      require(lines, "search_actions");
      return (System.nanoTime() - began) / 1e6;
    } finally {
      process.destroy();
    }
  }

  private static void send(OutputStream in, String message) throws IOException {
    in.write(message.getBytes(UTF_8));
    in.flush();
  }

  private static void require(BufferedReader lines, String part) throws IOException {
    String line = lines.readLine();
    if (line == null || !line.contains(part)) {
      throw new IOException("Not '" + part + "' but " + line);
    }
  }
}

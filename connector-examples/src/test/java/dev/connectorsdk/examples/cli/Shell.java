package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Runs commands as a shell script does, and keeps what they print. */
final class Shell {

  private final Map<String, String> environment = new HashMap<>();
  private String input = "";

  /** What a command left behind. */
  record Run(int code, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }

    JsonNode json() {
      return Json.MAPPER.readTree(out);
    }

    /** Returns everything that somebody could see. */
    String all() {
      return out + err;
    }
  }

  Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell reading(String text) {
    input = text;
    return this;
  }

  /** Returns what a command is always given, followed by what it is given this time. */
  static String[] arguments(List<String> always, String... more) {
    return Stream.concat(always.stream(), Stream.of(more)).toArray(String[]::new);
  }

  Run run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        Terminal.piped(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.copyOf(environment));
    int code = Connectors.run(terminal, arguments);
    return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}

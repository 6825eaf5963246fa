package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes: the process's own streams, or those of a test.
 *
 * @param out for results
 * @param err for errors, hints and progress
 * @param isOutInteractive whether a person sees {@code out} on a terminal
 * @param isErrInteractive whether a person sees {@code err} on a terminal
 * @param width the columns of the terminal
 * @param hasColours whether colours may be used
 * @param environment the environment variables
 * @param prompt how to ask the person, or {@code null} if nobody is there
 */
record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean isOutInteractive,
    boolean isErrInteractive,
    int width,
    boolean hasColours,
    Map<String, String> environment,
    @Nullable Prompt prompt) {

  private static final int DEFAULT_WIDTH = 80;

  /** Asks the person at the terminal. */
  interface Prompt {

    /** Returns a line, or {@code null} if the person ended the input. */
    @Nullable String line(String label);

    /** Returns a line that is not shown while it is typed. */
    @Nullable Secret secret(String label);
  }

  /** Returns streams that nobody sees, as of a pipe. */
  static Terminal piped(
      InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    return new Terminal(in, out, err, false, false, DEFAULT_WIDTH, false, environment, null);
  }

  /** Returns the streams of this process. Text is UTF-8 whatever the locale says. */
  static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    String term = environment.getOrDefault("TERM", "");
    boolean outInteractive = !term.isEmpty() && succeeds("test", "-t", "1");
    boolean errInteractive = !term.isEmpty() && succeeds("test", "-t", "2");
    boolean colours =
        outInteractive
            && !term.equals("dumb")
            && environment.getOrDefault("NO_COLOR", "").isEmpty();
    int width = outInteractive || errInteractive ? width(environment) : DEFAULT_WIDTH;
    Prompt prompt = errInteractive && succeeds("test", "-t", "0") ? prompt(System.console()) : null;
    return new Terminal(
        System.in, out, err, outInteractive, errInteractive, width, colours, environment, prompt);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, UTF_8);
  }

  private static @Nullable Prompt prompt(@Nullable Console console) {
    return console == null
        ? null
        : new Prompt() {
          @Override
          public @Nullable String line(String label) {
            return console.readLine("%s: ", label);
          }

          @Override
          public @Nullable Secret secret(String label) {
            char[] typed = console.readPassword("%s (not shown): ", label);
            return typed == null ? null : Secret.of(new String(typed));
          }
        };
  }

  /** The JDK cannot tell which of its streams is a terminal; the shell's own test can. */
  private static boolean succeeds(String... command) {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int width(Map<String, String> environment) {
    String columns = environment.get("COLUMNS");
    if (columns == null) {
      columns = columnsOfTerminal();
    }
    try {
      int width = Integer.parseInt(columns.strip());
      return width < 40 ? DEFAULT_WIDTH : width;
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  private static String columnsOfTerminal() {
    try {
      Process process = new ProcessBuilder("sh", "-c", "stty size </dev/tty 2>/dev/null").start();
      String size = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      return size.substring(size.indexOf(' ') + 1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Keeps what a file or a service says from doing more to a terminal than being read. */
  static String oneLine(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}\\x{80}-\\x{9f}\\p{Cf}]+", " ").strip();
  }

  /** As {@link #oneLine}, but keeps the lines. */
  static String manyLines(String text) {
    return text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\\n\\t]]", "");
  }

  String bold(String text) {
    return styled("1", text);
  }

  String good(String text) {
    return styled("32", text);
  }

  String bad(String text) {
    return styled("31", text);
  }

  String faint(String text) {
    return styled("2", text);
  }

  private String styled(String code, String text) {
    return hasColours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}

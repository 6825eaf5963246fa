package dev.connectorsdk.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * Collects what is printed and logged meanwhile: the standard output and error, and with Logback
 * also what is below the level that is shown.
 */
final class LogWatch implements AutoCloseable {

  private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final @Nullable LogbackFilter filter;

  LogWatch() {
    System.setOut(both(out));
    System.setErr(both(err));
    filter =
        LoggerFactory.getILoggerFactory().getClass().getName().equals(LOGBACK)
            ? LogbackFilter.installed()
            : null;
  }

  /** Returns whether nothing of what is logged goes anywhere, so that there is nothing to see. */
  static boolean seesNothingOf(ILoggerFactory loggers) {
    return loggers instanceof NOPLoggerFactory;
  }

  private PrintStream both(PrintStream usual) {
    return new PrintStream(
        new OutputStream() {
          @Override
          public void write(int one) {
            usual.write(one);
            printed.write(one);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            usual.write(bytes, from, count);
            printed.write(bytes, from, count);
          }
        },
        true,
        StandardCharsets.UTF_8);
  }

  String text() {
    String logged = filter == null ? "" : filter.text();
    return printed.toString(StandardCharsets.UTF_8) + logged;
  }

  @Override
  public void close() {
    if (filter != null) {
      filter.remove();
    }
    System.setOut(out);
    System.setErr(err);
  }
}

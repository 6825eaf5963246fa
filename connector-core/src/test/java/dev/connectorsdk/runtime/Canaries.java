package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Secrets that must not come out anywhere, and a search for them in all that is printed. The log
 * counts from the beginning to {@link #close}, whatever its level.
 */
public final class Canaries implements AutoCloseable {

  /** What the servers of tests log is what they received, which is not what is looked for. */
  private static final List<String> SERVERS =
      List.of("org.eclipse.jetty", "WireMock", "com.github.tomakehurst");

  private final List<String> canaries;
  private final StringBuilder printed = new StringBuilder();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level levelBefore = root.getLevel();

  public Canaries(List<String> canaries) {
    this.canaries = canaries;
    root.setLevel(Level.TRACE);
    SERVERS.forEach(server -> ((Logger) LoggerFactory.getLogger(server)).setLevel(Level.OFF));
    log.start();
    root.addAppender(log);
  }

  /** Has the text of something searched. */
  public void print(Object anything) {
    printed.append(anything).append('\n');
  }

  /** Runs something that may fail, and has the exception searched, with all its causes. */
  public void attempt(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      print(trace);
    }
  }

  /** Returns what is searched: all that was printed and logged up to now. */
  public String everything() {
    StringBuilder all = new StringBuilder(printed);
    for (ILoggingEvent line : List.copyOf(log.list)) {
      all.append(line.getLoggerName()).append(' ').append(line.getFormattedMessage()).append('\n');
      if (line.getThrowableProxy() != null) {
        all.append(ThrowableProxyUtil.asString(line.getThrowableProxy())).append('\n');
      }
    }
    return all.toString();
  }

  /** Returns which forms of which canaries came out. */
  public List<String> found() {
    String everything = everything();
    return canaries.stream().flatMap(Canaries::forms).filter(everything::contains).toList();
  }

  /** Returns a secret in all forms in which it could come out. */
  public static Stream<String> forms(String canary) {
    return Stream.of(
        canary,
        canary.substring(0, 8),
        new StringBuilder(canary).reverse().toString(),
        base64(canary),
        base64("ada:" + canary),
        base64("app:" + canary),
        HexFormat.of().formatHex(canary.getBytes(UTF_8)),
        URLEncoder.encode(canary, UTF_8));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @Override
  public void close() {
    root.detachAppender(log);
    root.setLevel(levelBefore);
  }
}

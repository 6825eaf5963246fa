package dev.connectorsdk.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.MessageFormatter;

/** Sees each message before its level is looked at. The only class that knows Logback. */
final class LogbackFilter extends TurboFilter {

  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  static LogbackFilter installed() {
    LogbackFilter filter = new LogbackFilter();
    ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(filter);
    return filter;
  }

  void remove() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList().remove(this);
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    if (format == null) {
      return FilterReply.ACCEPT; // Whether it would be logged: yes, so that it is said.
    }
    seen.add(MessageFormatter.arrayFormat(format, arguments).getMessage());
    Throwable shown = thrown != null ? thrown : MessageFormatter.getThrowableCandidate(arguments);
    if (shown != null) {
      StringWriter trace = new StringWriter();
      shown.printStackTrace(new PrintWriter(trace));
      seen.add(trace.toString());
    }
    return FilterReply.NEUTRAL;
  }

  /** With the keys and values of the fluent way to log; their levels were asked for before. */
  @Override
  public FilterReply decide(Logger logger, LoggingEvent event) {
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> seen.add(pair.toString()));
    }
    return super.decide(logger, event);
  }

  String text() {
    return String.join("\n", seen);
  }
}

package dev.connectorsdk.api;

import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Start;
import java.time.Duration;
import java.util.Set;

/** What all polling triggers have that a builder made. */
abstract class BuiltPolling<C, E> extends BuiltTrigger<C, E> {

  private final Set<Class<? extends Start>> starts;
  private final LostCursor lostCursor;
  private final Set<String> cursorFields;
  private final Duration minimumInterval;
  private final Duration lateness;

  BuiltPolling(PollingTriggerBuilder<C, E, ?> from) {
    super(from);
    this.starts = from.starts;
    this.lostCursor = from.lostCursor;
    this.cursorFields = from.cursorFields;
    this.minimumInterval = from.minimumInterval;
    this.lateness = from.lateness;
    if (lostCursor instanceof LostCursor.Resync) {
      requireStart(Start.All.class);
    } else if (lostCursor instanceof LostCursor.ResyncSince) {
      requireStart(Start.Since.class);
    }
  }

  private void requireStart(Class<? extends Start> start) {
    if (!starts.contains(start)) {
      throw new IllegalStateException(
          "Trigger '"
              + id()
              + "' declares "
              + lostCursor
              + ", for which it has to be able to start with "
              + start.getSimpleName());
    }
  }

  public final Set<Class<? extends Start>> starts() {
    return starts;
  }

  public final LostCursor lostCursor() {
    return lostCursor;
  }

  public final Set<String> cursorFields() {
    return cursorFields;
  }

  public final Duration minimumInterval() {
    return minimumInterval;
  }

  public final Duration lateness() {
    return lateness;
  }
}

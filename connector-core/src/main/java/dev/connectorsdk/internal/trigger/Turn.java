package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.ConnectorException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one turn of a subscription ended. */
sealed interface Turn {

  /** Somebody else has the subscription now. Nothing was stored. */
  Turn FENCED = new Ended("fenced");

  /** The inbox is full, others use the connection, or come first. Nothing was asked. */
  Turn NO_ROOM = new Ended("no room");

  /** The subscription is in another phase now. Nothing was stored. */
  Turn MOVED = new Ended("moved");

  /** The runtime closes. The next turn begins at once, wherever that is. */
  Turn CLOSED = new Ended("closed");

  /** Returns when the next turn is due; {@code null} if the store has to be asked. */
  @Nullable Duration next();

  /**
   * Progress and events were stored.
   *
   * @param events how many were new
   * @param next when the next turn is due
   */
  record Stored(int events, Duration next) implements Turn {}

  /**
   * The poll failed. The cursor stays.
   *
   * @param next when the next turn is due
   */
  record Failed(ConnectorException problem, Duration next) implements Turn {}

  /** Any other end. */
  record Ended(String how) implements Turn {

    @Override
    public @Nullable Duration next() {
      return null;
    }
  }
}

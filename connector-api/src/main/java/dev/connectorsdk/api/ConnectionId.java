package dev.connectorsdk.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The name of one connection, unique in its store and never used again after deletion. In JSON it
 * is a string.
 *
 * @param value 1 to 200 characters: letters, digits, {@code .}, {@code _} and {@code -}, starting
 *     with a letter or digit
 */
public record ConnectionId(@JsonValue String value) {

  public ConnectionId {
    Names.require("Connection id", value);
  }

  /** Returns the id named {@code value}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ConnectionId of(String value) {
    return new ConnectionId(value);
  }

  // Written out: what the JVM makes for records costs a part of each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectionId that && that.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Returns the value, which {@link #of} reads back. */
  @Override
  public String toString() {
    return value;
  }
}

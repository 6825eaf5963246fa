package dev.connectorsdk.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The stable name of a connector, chosen by its author and the same in every environment. In JSON
 * it is a string.
 *
 * @param value 1 to 200 characters: letters, digits, {@code .}, {@code _} and {@code -}, starting
 *     with a letter or digit
 */
public record ConnectorId(@JsonValue String value) {

  public ConnectorId {
    Names.require("Connector id", value);
  }

  /** Returns the id named {@code value}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ConnectorId of(String value) {
    return new ConnectorId(value);
  }

  // Written out: what the JVM makes for records costs a part of each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectorId that && that.value.equals(value);
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

package dev.connectorsdk.api;

/**
 * The name of one connection, unique in its store and never used again after deletion.
 *
 * @param value 1 to 200 characters: letters, digits, {@code .}, {@code _} and {@code -}, starting
 *     with a letter or digit
 */
public record ConnectionId(String value) {

  public ConnectionId {
    Names.require("Connection id", value);
  }

  /** Returns the id named {@code value}. */
  public static ConnectionId of(String value) {
    return new ConnectionId(value);
  }

  /** Returns the value, which {@link #of} reads back. */
  @Override
  public String toString() {
    return value;
  }
}

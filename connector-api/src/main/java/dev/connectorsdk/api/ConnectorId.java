package dev.connectorsdk.api;

/**
 * The stable name of a connector, chosen by its author and the same in every environment.
 *
 * @param value 1 to 200 characters: letters, digits, {@code .}, {@code _} and {@code -}, starting
 *     with a letter or digit
 */
public record ConnectorId(String value) {

  public ConnectorId {
    Names.require("Connector id", value);
  }

  /** Returns the id named {@code value}. */
  public static ConnectorId of(String value) {
    return new ConnectorId(value);
  }

  /** Returns the value, which {@link #of} reads back. */
  @Override
  public String toString() {
    return value;
  }
}

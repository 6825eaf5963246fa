package dev.connectorsdk.api.error;

/**
 * What was named does not exist, or is not the caller's to see: a connector, an action, a
 * connection, an auth option.
 */
public final class NotFoundException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String kind;
  private final String name;

  /**
   * @param kind what was looked for, such as {@code connector}
   * @param name the name that was asked for
   * @param hint what there is instead, or what to try
   */
  public NotFoundException(String kind, String name, String hint) {
    super(
        "No " + kind + " '" + name + "'. " + hint,
        "Check the name, and that the " + kind + " was registered and belongs to the caller.",
        null);
    this.kind = kind;
    this.name = name;
  }

  /** Returns what was looked for: connector, action, connection, auth option, ... */
  public String kind() {
    return kind;
  }

  /** Returns the name that was asked for. */
  public String name() {
    return name;
  }
}

package dev.connectorsdk.api.error;

/** An operation of a definition needs something that this runtime cannot do. Nothing was sent. */
public final class OperationUnsupportedException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String operation;

  /**
   * @param operation the operation's id
   * @param reason what it needs
   */
  public OperationUnsupportedException(String operation, String reason) {
    super(
        "Operation '" + operation + "' cannot run: " + reason,
        "Use another operation of the connector.",
        null);
    this.operation = operation;
  }

  /** Returns the operation's id. */
  public String operation() {
    return operation;
  }
}

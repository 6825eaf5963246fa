package dev.connectorsdk.api.error;

/** A request was to go to an origin that the connection was not made for. Nothing was sent. */
public final class HostNotAllowedException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String origin;

  /**
   * @param origin scheme, host and port that were refused
   * @param reason why, as a clause
   */
  public HostNotAllowedException(String origin, String reason) {
    super(
        "No request to " + origin + ": " + reason,
        "If the origin belongs to the service, declare it as an additional origin of the connector.",
        null);
    this.origin = origin;
  }

  /** Returns scheme, host and port that were refused. */
  public String origin() {
    return origin;
  }
}

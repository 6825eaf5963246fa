package dev.connectorsdk.api.error;

/**
 * A request was to go to an origin that the connection was not made for, or to an address that the
 * host application does not let users choose. Nothing was sent.
 */
public final class HostNotAllowedException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String origin;
  private final String reason;

  /**
   * @param origin scheme, host and port that were refused
   * @param reason why, as a clause
   */
  public HostNotAllowedException(String origin, String reason) {
    this(
        origin,
        reason,
        "If the origin belongs to the service, declare it as an additional origin of the connector;"
            + " if the service only keeps files there, as a file host.");
  }

  /**
   * Returns what it means that an answer by https redirects to a place that is asked by http.
   *
   * @param origin of that place
   */
  public static HostNotAllowedException afterHttps(String origin) {
    return new HostNotAllowedException(
        origin,
        "an answer by https redirects there, by http",
        "Have the service redirect to an https URL.");
  }

  private HostNotAllowedException(String origin, String reason, String remedy) {
    super("No request to " + origin + ": " + reason, remedy, null);
    this.origin = origin;
    this.reason = reason;
  }

  /**
   * Returns the failure of a request to an address that users may not choose. It is the same for
   * all of them, so that it tells nothing about what is there.
   *
   * @param origin scheme, host and port that were refused
   */
  public static HostNotAllowedException ofAddress(String origin) {
    return new HostNotAllowedException(
        origin,
        "its address or port is not one that users may choose",
        "If users need it, have the host application allow it (RuntimeBuilder.addressPolicy).");
  }

  /**
   * Returns the failure of a request for which a member of a gateway would have to go to an origin
   * that it was not given.
   *
   * @param origin scheme, host and port that were refused
   * @param reason why, as a clause
   */
  public static HostNotAllowedException ofMember(String origin, String reason) {
    return new HostNotAllowedException(
        origin,
        reason,
        "If that is where the service is, have whoever runs the members of the gateway give it to"
            + " them (GatewayAgent.Builder.allowing, or --allow).");
  }

  /** Returns why, as a clause. */
  public String reason() {
    return reason;
  }

  /** Returns scheme, host and port that were refused. */
  public String origin() {
    return origin;
  }
}

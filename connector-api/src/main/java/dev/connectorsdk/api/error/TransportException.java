package dev.connectorsdk.api.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No complete answer came: the service was not reached, took too long, or broke off. */
public final class TransportException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /** What happened. */
  public enum Kind {
    /** The host name is unknown, or no connection could be made. The request was not sent. */
    CONNECT,
    /** The TLS handshake failed. The request was not sent. */
    TLS,
    /** A time limit passed. */
    TIMEOUT,
    /** The exchange broke off. */
    BROKEN_OFF,
    /**
     * As many exchanges were in flight as the host application allows, and none of them ended in
     * time. The request was not sent. Answers of unwrapped clients count until they are closed.
     */
    BUSY,
    /**
     * So many exchanges of this connection with this host have failed in a row that only one is
     * sent now and then, until one is answered. The request was not sent; {@link
     * TransportException#retryAfter} says when the next one may be.
     */
    PAUSED,
    /**
     * No member of the connection's gateway was connected, or able to take the request. The request
     * was not sent.
     */
    GATEWAY
  }

  private final Kind kind;
  private final boolean outcomeUnknown;
  private final @Nullable Duration retryAfter;

  /**
   * @param exchange what was asked, without path and query, such as {@code GET api.example.com}
   * @param kind what happened
   * @param outcomeUnknown whether the service may have carried out a request that changes something
   * @param cause what the HTTP library said, or {@code null} if its text could hold a secret
   */
  public TransportException(
      String exchange, Kind kind, boolean outcomeUnknown, @Nullable Throwable cause) {
    this(
        exchange
            + ": "
            + text(kind)
            + (outcomeUnknown ? "; whether the service carried it out is unknown" : ""),
        remedy(kind, outcomeUnknown),
        cause,
        kind,
        outcomeUnknown,
        null);
  }

  private TransportException(
      String message,
      String remedy,
      @Nullable Throwable cause,
      Kind kind,
      boolean outcomeUnknown,
      @Nullable Duration retryAfter) {
    super(message, remedy, cause);
    this.kind = kind;
    this.outcomeUnknown = outcomeUnknown;
    this.retryAfter = retryAfter;
  }

  private static TransportException unsent(
      String message, String remedy, Kind kind, @Nullable Duration retryAfter) {
    return new TransportException(message, remedy, null, kind, false, retryAfter);
  }

  /**
   * Returns the exception for a request that found no room in time.
   *
   * @param exchange what was to be asked
   * @param inFlight how many of what are in flight
   * @param open how many of these are answers of unwrapped clients that somebody keeps open
   */
  public static TransportException busy(String exchange, String inFlight, int open) {
    String message = exchange + ": " + text(Kind.BUSY) + ": " + inFlight + " are in flight";
    return open > 0
        ? unsent(
            message + ", of which " + open + " are answers that nobody has closed",
            "Close the answers of unwrapped clients, or read them to their end.",
            Kind.BUSY,
            null)
        : unsent(message, remedy(Kind.BUSY, false), Kind.BUSY, null);
  }

  /**
   * Returns the exception for a request to a host that has failed too often.
   *
   * @param exchange what was to be asked
   * @param failures how many have failed in a row
   * @param retryAfter when the next one may be sent
   */
  public static TransportException paused(String exchange, int failures, Duration retryAfter) {
    String message = exchange + ": " + text(Kind.PAUSED) + ": " + failures + " failed in a row";
    return unsent(message, remedy(Kind.PAUSED, false), Kind.PAUSED, retryAfter);
  }

  private static String text(Kind kind) {
    return switch (kind) {
      case CONNECT -> "could not connect";
      case TLS -> "TLS handshake failed";
      case TIMEOUT -> "timed out";
      case BROKEN_OFF -> "the exchange broke off";
      case BUSY -> "not sent, for there was no room in time";
      case PAUSED -> "not sent, to give the service a rest";
      case GATEWAY -> "not sent, for no member of the gateway could take it";
    };
  }

  /** Returns what happened. */
  public Kind kind() {
    return kind;
  }

  /** Returns what happened in words, without what was asked, such as {@code could not connect}. */
  public String problem() {
    return text(kind);
  }

  /** Returns whether the service may have carried out a request that changes something. */
  public boolean isOutcomeUnknown() {
    return outcomeUnknown;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  @Override
  public boolean isRetryable() {
    return !outcomeUnknown && kind != Kind.TLS;
  }

  private static String remedy(Kind kind, boolean outcomeUnknown) {
    if (outcomeUnknown) {
      return "Find out at the service whether it was done before doing it again.";
    }
    return switch (kind) {
      case TLS -> "Check the service's certificate and the trusted authorities.";
      case GATEWAY -> "Look whether the gateway's members run, and try again later.";
      default -> "Try again later.";
    };
  }
}

package dev.connectorsdk.api.error;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The service answered with a status that means no success. */
public final class ServiceException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, List<String>> headers;
  private final transient String body;
  private final @Nullable Duration retryAfter;

  /**
   * @param exchange what was asked, without path and query, such as {@code GET api.example.com}
   * @param status the status code
   * @param headers by lower-case name
   * @param body the beginning of the body as text
   * @param retryAfter what the service asked for, or {@code null}
   */
  public ServiceException(
      String exchange,
      int status,
      Map<String, List<String>> headers,
      String body,
      @Nullable Duration retryAfter) {
    super(exchange + " was answered with status " + status, remedy(status, retryAfter), null);
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /** Returns the headers of the answer, by lower-case name. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /**
   * Returns the beginning of the answer's body, at most 64 KiB. It comes from the service as it is
   * and may repeat what was sent: not for logs.
   */
  public String body() {
    return body;
  }

  @Override
  public boolean isRetryable() {
    return isRetryable(status, retryAfter);
  }

  /** A refusal that says when to come again, as some send with 403 after too many calls. */
  private static boolean isRetryable(int status, @Nullable Duration retryAfter) {
    return status == 408
        || status == 429
        || status >= 500
        || (status >= 400 && status != 401 && retryAfter != null);
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  private static String remedy(int status, @Nullable Duration retryAfter) {
    if (isRetryable(status, retryAfter)) {
      return "Try again later.";
    }
    if (status >= 300 && status < 400) {
      return "A redirect is followed for GET and HEAD, and with status 307 or 308 for any request"
          + " that stays on its origin and whose body can be sent again.";
    }
    return status == 401 || status == 403
        ? "Check that the account behind the connection may do this."
        : "Look at the status and body of the answer.";
  }
}

package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.trigger.WebhookResponse;
import java.util.Map;

/** An answer that ends the way of a request at a callback URL. */
final class Refused extends Exception {

  private static final long serialVersionUID = 1L;
  private static final String RETRY_AFTER = "30";
  private static final int UNAVAILABLE = 503;

  private final transient WebhookResponse response;

  Refused(int status, Map<String, String> headers) {
    super("refused", null, false, false);
    this.response = new WebhookResponse(status, headers, new byte[0]);
  }

  Refused(int status) {
    this(status, Map.of());
  }

  /** The service is to send it again. */
  static Refused forNow() {
    return new Refused(UNAVAILABLE, Map.of("Retry-After", RETRY_AFTER));
  }

  /** Returns whether the service is to send it again. */
  boolean isForNow() {
    return response.status() == UNAVAILABLE;
  }

  WebhookResponse response() {
    return response;
  }
}

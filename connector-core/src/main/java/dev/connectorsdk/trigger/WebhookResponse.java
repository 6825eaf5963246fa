package dev.connectorsdk.trigger;

import java.util.Map;

/**
 * What to answer to a {@link WebhookRequest}.
 *
 * @param status the HTTP status
 * @param headers by name
 * @param body the bytes; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // It is written to a stream.
public record WebhookResponse(int status, Map<String, String> headers, byte[] body) {

  public WebhookResponse {
    headers = Map.copyOf(headers);
  }

  /** Returns the status alone: the rest can repeat what was sent. */
  @Override
  public String toString() {
    return "WebhookResponse[" + status + "]";
  }
}

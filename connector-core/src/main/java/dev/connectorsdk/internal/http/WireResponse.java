package dev.connectorsdk.internal.http;

import okhttp3.Headers;

/** An answer as it came. */
public final class WireResponse {

  private final int status;
  private final Headers headers;
  private final AnswerBody body;

  /**
   * @param body the bytes, not copied; of an answer that is no success, the first 64 KiB
   */
  public WireResponse(int status, Headers headers, byte[] body) {
    this(status, headers, AnswerBody.of(body));
  }

  WireResponse(int status, Headers headers, AnswerBody body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Returns the status. */
  public int status() {
    return status;
  }

  /** Returns the headers. */
  public Headers headers() {
    return headers;
  }

  /**
   * Returns the bytes of the body, not copied; of an answer that is no success, the first 64 KiB.
   */
  public byte[] body() {
    return body.bytes();
  }

  /** Returns the body, which need not be looked at to be handed on. */
  AnswerBody received() {
    return body;
  }

  /** Returns whether the status is 200 to 299. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Returns the status and the size: headers and body are not for logs. */
  @Override
  public String toString() {
    return status + ", " + body.length() + " bytes";
  }
}

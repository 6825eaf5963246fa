package dev.connectorsdk.internal.http;

import okhttp3.Headers;

/**
 * An answer as it came.
 *
 * @param body the bytes, not copied; of an answer that is no success, the first 64 KiB
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are large: they are handed on, not copied.
public record WireResponse(int status, Headers headers, byte[] body) {

  /** Returns whether the status is 200 to 299. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Returns the status and the size: headers and body are not for logs. */
  @Override
  public String toString() {
    return status + ", " + body.length + " bytes";
  }
}

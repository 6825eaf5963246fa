package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Answers without content, whatever their headers announce: those whose status has none (RFC 9110
 * sections 15.3.5, 15.3.6 and 15.4.5), and empty ones that are said to be packed. OkHttp ends the
 * exchange with an error for some of them, or waits for what does not come, although the service
 * has said what became of the request.
 *
 * <p>As a listener it sees the heads of answers that OkHttp refuses. Safe for several threads.
 */
final class NoContent extends EventListener {

  private final Map<Call, Response> announced = Collections.synchronizedMap(new WeakHashMap<>());

  /** Returns a listener that also tells {@code others}. */
  EventListener.Factory with(EventListener.Factory others) {
    return call -> {
      EventListener other = others.create(call);
      return other == EventListener.NONE ? this : plus(other);
    };
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    if (isRefused(response)) {
      announced.put(call, headOf(response));
    }
  }

  /** Returns whether OkHttp refuses an answer for the length that it announces. */
  private static boolean isRefused(Response response) {
    return (response.code() == 204 || response.code() == 205)
        && !"0".equals(response.header("Content-Length", "0"));
  }

  /** Returns the head alone: an answer of OkHttp's holds its call, which would stay for ever. */
  private static Response headOf(Response response) {
    return new Response.Builder()
        .request(response.request())
        .protocol(response.protocol())
        .code(response.code())
        .message(response.message())
        .headers(response.headers())
        .handshake(response.handshake())
        .sentRequestAtMillis(response.sentRequestAtMillis())
        .receivedResponseAtMillis(response.receivedResponseAtMillis())
        .build();
  }

  /** Sends a request and returns the answer, also one that OkHttp refuses for its length. */
  Response execute(Call call) throws IOException {
    try {
      return call.execute();
    } catch (ProtocolException e) {
      Response head = announced.remove(call);
      if (head == null) {
        throw e;
      }
      return emptied(head);
    }
  }

  /** Returns an answer without what it announces and does not have. */
  static Response of(Response response) {
    if (response.request().method().equals("HEAD")) {
      return response; // Its headers say what GET would get.
    }
    if (hasNone(response.code())) {
      response.close();
      return emptied(response);
    }
    return response.header("Content-Encoding") != null && isEmpty(response.body())
        ? emptied(response)
        : response;
  }

  private static boolean hasNone(int status) {
    return status == 204 || status == 205 || status == 304;
  }

  private static boolean isEmpty(ResponseBody body) {
    try {
      return body.contentLength() == 0 || (body.contentLength() < 0 && body.source().exhausted());
    } catch (IOException brokenOff) {
      return false; // Whoever reads it will see that, and knows the status.
    }
  }

  private static Response emptied(Response response) {
    return response.newBuilder().removeHeader("Content-Encoding").body(ResponseBody.EMPTY).build();
  }
}

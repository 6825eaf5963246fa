package dev.connectorsdk.api.http;

import java.net.URI;

/**
 * HTTP bound to one connection: relative paths belong to its base URL, requests carry its
 * credentials, go to its hosts only, have limits on time and size, and are repeated where that is
 * safe.
 *
 * <pre>{@code
 * Ticket ticket = http.get("/tickets/{id}", id).fetch(Ticket.class);
 * http.post("/tickets").json(new NewTicket("Printer on fire")).send();
 * }</pre>
 *
 * <p>Paths are templates: each {@code {name}} takes the next argument, encoded as one path segment.
 * An argument that is empty, {@code .} or {@code ..}, also after decoding, is refused with an
 * {@link dev.connectorsdk.api.error.InvalidInputException}.
 */
public interface ConnectorHttp {

  /** Starts a GET request. */
  default HttpCall get(String pathTemplate, Object... arguments) {
    return call("GET", pathTemplate, arguments);
  }

  /** Starts a POST request. */
  default HttpCall post(String pathTemplate, Object... arguments) {
    return call("POST", pathTemplate, arguments);
  }

  /** Starts a PUT request. */
  default HttpCall put(String pathTemplate, Object... arguments) {
    return call("PUT", pathTemplate, arguments);
  }

  /** Starts a PATCH request. */
  default HttpCall patch(String pathTemplate, Object... arguments) {
    return call("PATCH", pathTemplate, arguments);
  }

  /** Starts a DELETE request. */
  default HttpCall delete(String pathTemplate, Object... arguments) {
    return call("DELETE", pathTemplate, arguments);
  }

  /** Returns the connection's base URL, without a slash at the end. */
  URI baseUrl();

  /**
   * Starts a request.
   *
   * @param method an HTTP method in upper case
   * @param pathTemplate a path that starts with {@code /}, below the base URL's path
   * @param arguments one for each {@code {name}}, in order
   * @throws IllegalArgumentException if the number of arguments does not fit the template
   */
  HttpCall call(String method, String pathTemplate, Object... arguments);

  /**
   * Starts a request to a target that is encoded already: a path with query below the base URL, or
   * an absolute URL such as a next link or upload URL.
   *
   * @throws dev.connectorsdk.api.error.HostNotAllowedException when sent, if the URL is not on an
   *     origin of this connection
   */
  HttpCall callEncoded(String method, String target);

  /**
   * Returns the client below as {@code type}, bound to this connection all the same: its requests
   * are authenticated, checked and limited. {@code okhttp3.OkHttpClient} is what this runtime
   * knows; with it, Retrofit or a vendor's SDK can be used. Such a client does not repeat requests.
   * Call it from the thread of the action, and read answers before the action returns.
   *
   * @throws IllegalArgumentException if there is no such client
   */
  <T> T unwrap(Class<T> type);
}

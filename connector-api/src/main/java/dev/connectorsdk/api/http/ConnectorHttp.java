package dev.connectorsdk.api.http;

import dev.connectorsdk.api.file.FileSource;
import java.net.URI;

/**
 * An HTTP client that is bound to one connection. Paths are relative to the connection's base URL.
 * Requests carry its credentials and go to its hosts only; they have limits on time and size, and
 * are repeated where that is safe.
 *
 * <pre>{@code
 * Ticket ticket = http.get("/tickets/{id}", id).fetch(Ticket.class);
 * http.post("/tickets").json(new NewTicket("Printer on fire")).send();
 * }</pre>
 *
 * <p>Paths are templates: each {@code {name}} takes the next argument, in the form that {@link
 * HttpCall#query} describes, encoded as one path segment. An argument that is missing, a list,
 * empty, {@code .} or {@code ..}, also after decoding, is refused with an {@link
 * dev.connectorsdk.api.error.InvalidInputException}.
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
   * @throws dev.connectorsdk.api.error.InvalidInputException if the method is no token (RFC 9110,
   *     section 5.6.2), or is CONNECT or TRACE; or if an argument is refused
   */
  HttpCall call(String method, String pathTemplate, Object... arguments);

  /**
   * Starts a request to a target that is already encoded: a path and query below the base URL, or
   * an absolute URL, such as a next link or an upload URL.
   *
   * @param method as for {@link #call}
   * @throws dev.connectorsdk.api.error.InvalidInputException if method or target cannot be sent
   * @throws dev.connectorsdk.api.error.HostNotAllowedException when sent, if the URL is not on an
   *     origin of this connection
   */
  HttpCall callEncoded(String method, String target);

  /**
   * Sends a file in chunks, in an upload session that an answer has opened. What is next is what
   * the service says. Where no answer says so, since none came, or one with a status such as 409,
   * 416 or 503, the service is asked what has arrived: as often as a request is repeated, and
   * counted anew when something has.
   *
   * <pre>{@code
   * HttpResponse opened =
   *     call.http()
   *         .post("/files")
   *         .header("Tus-Resumable", "1.0.0")
   *         .header("Upload-Length", Long.toString(file.size()))
   *         .send();
   * call.http().upload(opened, file, ChunkedUpload.tus());
   * }</pre>
   *
   * <p>A session on one of the {@linkplain dev.connectorsdk.api.Connector#fileHosts hosts that keep
   * files} gets no credentials.
   *
   * @param opened the answer that names the session, by a URL that counts from the one that
   *     answered
   * @param file of known size; one chunk of it is held in memory. Where the service lacks what it
   *     has confirmed before, a file that can be read again is
   * @return the answer to the last chunk, or to the question after it
   * @throws dev.connectorsdk.api.error.InvalidInputException if nobody knows the size, or it is
   *     another one
   * @throws dev.connectorsdk.api.error.ServiceException that says so if the session has ended,
   *     status 404 or 410: the upload has to begin anew, unless all of the file was sent and is
   *     there
   * @throws dev.connectorsdk.api.error.ResponseException if the answer names no session, or the
   *     service says that it has what was not sent
   * @throws dev.connectorsdk.api.error.HostNotAllowedException if the session is on a host that is
   *     not the connection's and keeps no files for it
   */
  default HttpResponse upload(HttpResponse opened, FileSource file, ChunkedUpload upload) {
    throw new UnsupportedOperationException("Files cannot be uploaded here");
  }

  /**
   * Returns the underlying HTTP client, for a vendor's SDK or Retrofit. It is bound to this
   * connection as well: its requests are authenticated, checked and limited. It does not repeat
   * requests. Use it on the thread of the action, and read answers before the action returns. They
   * may be as large as any, and where the caller says where a file goes, as large as that target
   * takes.
   *
   * <p>Clients made with its {@code newBuilder()} are bound as well. Another client carries the
   * requests out, so that nothing that is added sees a credential: application interceptors, event
   * listeners, a dispatcher, shorter times and {@code followRedirects} work; anything else, such as
   * network interceptors, a cookie jar, a proxy or sockets, would have no effect and is refused at
   * the first call, with an {@link dev.connectorsdk.api.error.InvalidInputException} that names it.
   * Interceptors count if they are added to a builder of this client itself, not to one of a client
   * that was made of it.
   *
   * <p>Headers are checked as by {@link HttpCall#header}, but that libraries may set {@code
   * Authorization} and {@code Cookie}, in whose place a credential goes, and what describes the
   * body.
   *
   * @param type {@code okhttp3.OkHttpClient}
   * @throws IllegalArgumentException if there is no such client
   */
  <T> T unwrap(Class<T> type);
}

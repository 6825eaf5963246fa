package dev.connectorsdk.api.auth;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way out, to which an {@link Authenticator} adds its credential. Valid during the
 * call only, on the calling thread.
 */
public interface AuthRequest {

  /** Returns the HTTP method in upper case. */
  String method();

  /** Returns the full URL, with the query as it is at the moment. */
  URI uri();

  /** Returns the first value of a header, or {@code null} if there is none. */
  @Nullable String header(String name);

  /** Returns all values of a header, in order. */
  List<String> headers(String name);

  /** Sets a header and removes what was there under this name. */
  void setHeader(String name, String value);

  /** Sets a query parameter and removes what was there under this name. */
  void setQueryParameter(String name, String value);

  /** Adds a cookie to the Cookie header. */
  void addCookie(String name, String value);

  /** Returns the bytes of the body, for signing; empty if there is none. */
  byte[] body();
}

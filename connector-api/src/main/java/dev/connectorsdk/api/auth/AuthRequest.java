package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.http.HttpResponse;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way out, to which an {@link Authenticator} adds its credential. Valid during the
 * call only, on the calling thread.
 *
 * <p>What it shows is what will be sent, and what was set shows at once: a signature can be made
 * over it. Each attempt and each redirect is a request of its own.
 */
public interface AuthRequest {

  /** Returns the HTTP method in upper case. */
  String method();

  /** Returns the full URL, encoded exactly as it will be sent. */
  URI uri();

  /** Returns the first value of a header, or {@code null} if there is none. */
  @Nullable String header(String name);

  /** Returns all values of a header, in order. */
  List<String> headers(String name);

  /**
   * Returns the names of all headers, each once, without regard to case. {@code Host}, {@code
   * Content-Type} and {@code Content-Length} are among them; what describes the transport, such as
   * {@code Accept-Encoding}, may still be added.
   */
  List<String> headerNames();

  /** Sets a header and removes what was there under this name. */
  void setHeader(String name, String value);

  /** Sets a query parameter and removes what was there under this name. */
  void setQueryParameter(String name, String value);

  /** Adds a cookie to the Cookie header. */
  void addCookie(String name, String value);

  /**
   * Returns which of the connection's tokens the call wants, or {@code null} for the usual one; see
   * {@link dev.connectorsdk.api.http.HttpCall#token}.
   */
  default @Nullable String token() {
    return null;
  }

  /**
   * Returns the bytes of the body, for signing; empty if there is none. They must not be changed.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if the body can be read only once, as
   *     streams of an unwrapped client may, or is larger than 64 MiB
   */
  byte[] body();

  /**
   * Has the answer to this very request looked at before anything else follows from it. Servers
   * give nonces this way (RFC 9449 section 8.2). The last look that was asked for counts; by
   * default nobody looks.
   *
   * @param look called on the thread that sent the request, or not at all if there is no answer
   */
  default void onAnswer(Function<HttpResponse, Reaction> look) {}

  /** What follows from an answer, as far as the way to authenticate is concerned. */
  enum Reaction {
    /** What usually does: a refused credential is renewed. */
    USUAL,
    /**
     * The request is sent again, once: the credential is not to blame, and {@link
     * Authenticator#authenticate} adds now what was missing.
     */
    REPEAT,
    /** The answer stands. The credential is not to blame, and there is nothing to add. */
    STANDS
  }

  /**
   * Returns when the call that this request belongs to is out of time, by the clock of {@link
   * AuthContext}. Nobody needs a credential that comes later.
   */
  default Optional<Instant> deadline() {
    return Optional.empty();
  }
}

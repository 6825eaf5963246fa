package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.http.HttpResponse;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request that is about to be sent, to which an {@link Authenticator} adds its credential. Valid
 * on the calling thread until {@link Authenticator#authenticate} returns.
 *
 * <p>It shows the request exactly as it will be sent, with all that was set so far, so that it can
 * be signed. Each attempt and each redirect is a request of its own.
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

  /** Sets a header, in place of all values that it had. */
  void setHeader(String name, String value);

  /** Sets a query parameter, in place of all values that it had. */
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
   * Sets a function that sees the answer to this request first, such as for a nonce that it carries
   * (RFC 9449 section 8.2). A later call replaces the function. By default nothing is called.
   *
   * @param look called on the thread that sent the request, or not at all if there is no answer
   */
  default void onAnswer(Function<HttpResponse, Reaction> look) {}

  /** What follows from an answer. */
  enum Reaction {
    /** The answer is treated as usual: a refused credential is renewed. */
    USUAL,
    /**
     * The request is sent again, once, without renewing the credential: {@link
     * Authenticator#authenticate} now adds what was missing.
     */
    REPEAT,
    /** The answer is final: neither a newer credential nor a repetition would help. */
    STANDS
  }

  /**
   * Returns when the time limit of the call ends, by the clock of {@link AuthContext}; empty if it
   * has none.
   */
  default Optional<Instant> deadline() {
    return Optional.empty();
  }
}

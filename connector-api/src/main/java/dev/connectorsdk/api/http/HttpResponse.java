package dev.connectorsdk.api.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * An answer whose body has been read as a whole. Immutable, apart from the array that {@link
 * #bytes} hands out, which is not copied.
 *
 * <p>Reading the body throws {@link dev.connectorsdk.api.error.ResponseException} if it is not what
 * was asked for.
 */
public interface HttpResponse {

  /** Returns the status code. */
  int status();

  /** Returns the last value of a header, or {@code null} if there is none. */
  @Nullable String header(String name);

  /** Returns all headers, by lower-case name, each with its values in order. */
  Map<String, List<String>> headers();

  /** Returns the media type without parameters, in lower case, or {@code null} if there is none. */
  @Nullable String contentType();

  /**
   * Maps the JSON of the body. Members that the type does not have are left out. Numbers have to
   * fit exactly, primitives have to be there, and times have to be texts, unless annotations of the
   * type say otherwise.
   *
   * @throws dev.connectorsdk.api.error.ResponseException with the place of what does not fit
   */
  <T> T as(Class<T> type);

  /**
   * Maps the JSON of the body to a generic type: {@code as(new TypeReference<Map<String, Task>>()
   * {})}.
   */
  <T> T as(TypeReference<T> type);

  /** Maps the JSON array of the body. */
  <T> List<T> asList(Class<T> elements);

  /** Returns the JSON of the body; a missing node if the body is empty. */
  JsonNode json();

  /**
   * Returns the body as text, without a byte order mark: in the charset that such a mark says, else
   * in the one that the answer names, else in UTF-8.
   *
   * @throws dev.connectorsdk.api.error.ResponseException if it is packed in a way that was not
   *     asked for, as its header {@code Content-Encoding} says
   */
  String text();

  /** Returns the body, which the caller must not change. */
  byte[] bytes();
}

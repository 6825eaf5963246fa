package dev.connectorsdk.api.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * A request that is being put together, then sent once.
 *
 * <p>Not safe for use by several threads. All ways of sending throw subclasses of {@link
 * dev.connectorsdk.api.error.ConnectorException}: {@code ServiceException} for an answer that is no
 * success, {@code AuthenticationException} if there is no credential or the way to authenticate
 * recognises a refusal of it, {@code TransportException} if no whole answer came, {@code
 * ResponseException} if it could not be read, {@code CallCancelledException} if the thread was
 * interrupted.
 */
public interface HttpCall {

  /**
   * Adds a query parameter. Name and value are encoded.
   *
   * @param value what JSON has for it, without quotes: a text, a number, which is written without
   *     an exponent, a boolean, an enum by its JSON name, a date or time. An array or collection
   *     adds the parameter once for each element. {@code null} and an empty {@link
   *     java.util.Optional} leave it out
   * @throws dev.connectorsdk.api.error.InvalidInputException if the value, or an element, is
   *     anything else: an object, a map, {@code null} in a list
   */
  HttpCall query(String name, @Nullable Object value);

  /**
   * Sets a header, in place of all values that it had.
   *
   * <p>What belongs to the transport or to authentication is refused, such as {@code Host}, {@code
   * Content-Length}, {@code Authorization} and {@code Cookie}. So is what makes servers take the
   * request for another one, since a caller might choose it: {@code Forwarded}, {@code
   * X-Forwarded-*}, {@code X-Real-IP} and their like, {@code X-Original-URL}, {@code
   * X-Rewrite-URL}, {@code X-HTTP-Method}, {@code X-HTTP-Method-Override} and {@code
   * X-Method-Override}. Start the request with the method that is meant instead.
   *
   * <p>{@code Content-Type} takes the place of the type that a body has by itself, before or after
   * the body is set: {@code json(patch).header("Content-Type", "application/merge-patch+json")}.
   *
   * @param value {@code null} leaves the header out
   * @throws dev.connectorsdk.api.error.InvalidInputException if the header is refused, or name or
   *     value hold a character that is not allowed
   */
  HttpCall header(String name, @Nullable String value);

  /** Sets the body to {@code value} as JSON, {@code application/json}, in UTF-8. */
  HttpCall json(Object value);

  /**
   * Sets the body to a form, {@code application/x-www-form-urlencoded}, in the map's order.
   *
   * @param fields their values are as {@link #query} takes them
   * @throws dev.connectorsdk.api.error.InvalidInputException as {@link #query} does
   */
  HttpCall form(Map<String, ?> fields);

  /** Sets the body to parts, {@code multipart/form-data}. */
  HttpCall multipart(List<Part> parts);

  /**
   * Sets the body to text in UTF-8. A type that names another charset is refused when the request
   * is sent: encode such a text yourself, and call {@link #bytes}.
   */
  HttpCall text(String text, String contentType);

  /** Sets the body to bytes. */
  HttpCall bytes(byte[] bytes, String contentType);

  /**
   * Accepts answers with these statuses, besides 200 to 299, instead of throwing. Their bodies are
   * kept up to 64 KiB.
   */
  HttpCall accepting(int... statuses);

  /**
   * Chooses the token to send, for a connection whose scheme keeps several, such as the user's and
   * the bot's.
   *
   * @param name as the scheme names it
   * @throws UnsupportedOperationException if the connection has no tokens to choose from
   */
  default HttpCall token(String name) {
    throw new UnsupportedOperationException("There are no tokens to choose from: " + name);
  }

  /** Sets a time limit for each attempt. The time limit of the whole call still holds. */
  HttpCall timeout(Duration timeout);

  /** Sends the request and returns the answer, whose body has been read as a whole. */
  HttpResponse send();

  /** Sends the request and maps the JSON of the answer. */
  default <T> T fetch(Class<T> type) {
    return send().as(type);
  }

  /**
   * Sends the request and maps the JSON of the answer to a generic type: {@code fetch(new
   * TypeReference<Map<String, Task>>() {})}.
   */
  default <T> T fetch(TypeReference<T> type) {
    return send().as(type);
  }

  /** Sends the request and maps the JSON array of the answer. */
  default <T> List<T> fetchList(Class<T> elements) {
    return send().asList(elements);
  }

  /** Sends the request and returns the JSON of the answer. */
  default JsonNode fetchJson() {
    return send().json();
  }

  /**
   * Sends the request and follows its pages as the stream is read. Further pages are fetched with
   * the same headers; closing the stream is not needed.
   *
   * @param paging how a page names the next one
   * @param itemsPointer the JSON pointer of the array in a page; empty if the page is the array
   * @throws dev.connectorsdk.api.error.ResponseException if a page has no array there, neither null
   *     nor, with {@link Paging#omittingEmptyLists}, nothing; if a next link or a page comes twice;
   *     or after 10,000 pages
   */
  <T> Stream<T> pages(Paging paging, String itemsPointer, Class<T> items);
}

package dev.connectorsdk.api.http;

import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
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

  /**
   * Sets the body to {@code value} as JSON, {@code application/json}, in UTF-8. A component of a
   * record that is {@code null} or an empty {@link java.util.Optional} is left out; to send {@code
   * null}, declare a {@link dev.connectorsdk.api.JsonMember}, or put it into a map.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException with the place of what cannot be
   *     written as JSON, such as a {@link FileSource}
   */
  HttpCall json(Object value);

  /**
   * Sets the body to a form, {@code application/x-www-form-urlencoded}, in the map's order.
   *
   * @param fields their values are as {@link #query} takes them
   * @throws dev.connectorsdk.api.error.InvalidInputException as {@link #query} does
   */
  HttpCall form(Map<String, ?> fields);

  /**
   * Sets the body to parts, {@code multipart/form-data}; files among them as {@link #file} does.
   */
  HttpCall multipart(List<Part> parts);

  /**
   * Sets the body to text in UTF-8. A type that names another charset is refused when the request
   * is sent: encode such a text yourself, and call {@link #bytes}.
   */
  HttpCall text(String text, String contentType);

  /** Sets the body to bytes. */
  HttpCall bytes(byte[] bytes, String contentType);

  /**
   * Sets the body to a file, which is read while it is sent: no more of it is held in memory than a
   * buffer. Its content type is the file's, or {@code application/octet-stream} if that has none.
   *
   * <p>The service is told the size first. A file of unknown size is written to a temporary file
   * before the first byte is sent, unless {@link #chunked} is said. A file of another size than was
   * said ends the call with an {@link dev.connectorsdk.api.error.InvalidInputException}, and the
   * service does not get its last byte. A request whose file was read and cannot be read again is
   * not repeated; what the service has answered stands.
   */
  default HttpCall file(FileSource file) {
    throw new UnsupportedOperationException("Files cannot be uploaded here");
  }

  /**
   * Says that the service takes files whose size it is not told: those of unknown size are sent as
   * they come, with {@code Transfer-Encoding: chunked} over HTTP/1.1. Many services do not.
   */
  default HttpCall chunked() {
    throw new UnsupportedOperationException("Files cannot be uploaded here");
  }

  /**
   * Has the service say whether it takes the body before that is sent ({@code Expect:
   * 100-continue}, RFC 9110 section 10.1.1), so that a large one is not sent in vain. What it
   * refuses is then known not to be done. A service that does not answer this has the call end when
   * the time for an answer is over.
   */
  default HttpCall expectContinue() {
    throw new UnsupportedOperationException("Bodies cannot be announced here");
  }

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

  /**
   * Sends the request and hands the file that is the answer's body to {@code target} while it
   * comes: no more of it is held in memory than a buffer. Its limit is the target's, not that for
   * other answers.
   *
   * <p>The request asks for the file as it is, {@code Accept-Encoding: identity}, and for any
   * content type unless a header {@code Accept} was set. A body that comes with the content coding
   * {@code gzip} all the same is unpacked; others are refused. It is repeated like any other. When
   * the file breaks off, the rest is asked for by range (RFC 9110, section 14), if the answer has a
   * strong {@code ETag} or a {@code Last-Modified}, and taken if it is of the same file. A digest
   * that the answer names is compared: {@code Repr-Digest}, {@code Content-Digest} (RFC 9530),
   * {@code Digest} or {@code Content-MD5}.
   *
   * @return what is known of the file, with the number of bytes that the target has read
   * @throws dev.connectorsdk.api.error.ResponseException if the file is larger than the target
   *     allows, or has another digest than was announced, or the answer's status, 202, 204 or 205,
   *     says that it has none
   */
  default FileInfo download(FileTarget target) {
    throw new UnsupportedOperationException("Files cannot be downloaded here");
  }

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

package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.NotJson;
import dev.connectorsdk.api.internal.WireText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer in memory. */
final class BufferedResponse implements HttpResponse {

  private static final String CONTENT_TYPE = "Content-Type";

  private final BoundHttp http;
  private final Request request;
  private final int status;
  private final Headers headers;
  private final AnswerBody body;

  BufferedResponse(BoundHttp http, Request request, int status, Headers headers, AnswerBody body) {
    this.http = http;
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  @Override
  public int status() {
    return status;
  }

  /** Returns what answered: after redirects, and with a credential that stands in the query. */
  HttpUrl url() {
    return request.url();
  }

  Request request() {
    return request;
  }

  /** Returns the answer as stages see it. */
  WireResponse onTheWire() {
    return new WireResponse(status, headers, body);
  }

  Headers rawHeaders() {
    return headers;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Override
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  @Override
  public Map<String, List<String>> headers() {
    Map<String, List<String>> all = new TreeMap<>();
    for (int i = 0; i < headers.size(); i++) {
      String name = AnswerHeaders.lower(headers.name(i));
      all.merge(name, List.of(headers.value(i)), BufferedResponse::joined);
    }
    return all;
  }

  private static List<String> joined(List<String> before, List<String> next) {
    return Stream.concat(before.stream(), next.stream()).toList();
  }

  @Override
  public @Nullable String contentType() {
    String value = headers.get(CONTENT_TYPE);
    return value == null ? null : MediaTypes.bare(value);
  }

  @Override
  public <T> T as(Class<T> type) {
    if (type == JsonNode.class) {
      return type.cast(json());
    }
    if (type == Nothing.class) {
      return type.cast(Nothing.NOTHING);
    }
    try {
      return require(read((bytes, from, count) -> mapper().readValue(bytes, from, count, type)));
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  @Override
  public <T> T as(TypeReference<T> type) {
    try {
      return require(read((bytes, from, count) -> mapper().readValue(bytes, from, count, type)));
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  @Override
  public <T> List<T> asList(Class<T> elements) {
    JavaType type = mapper().getTypeFactory().constructCollectionType(List.class, elements);
    try {
      return require(
          this.<List<T>>read((bytes, from, count) -> mapper().readValue(bytes, from, count, type)));
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  @Override
  public JsonNode json() {
    try {
      return read(mapper()::readTree);
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  private <T> T read(AnswerBody.Reader<T> reader) {
    return body.read(reader, headers.get(CONTENT_TYPE));
  }

  private <T> T require(@Nullable T value) {
    if (value == null) {
      throw new ResponseException("The answer to " + label() + " is null, not what was expected");
    }
    return value;
  }

  /** Jackson's own message can quote the answer, so only the place is kept. */
  private ResponseException unreadable(JacksonException e) {
    if (body.length() == 0) {
      return new ResponseException(
          "The answer to " + label() + " has no body; an action that expects none calls send()");
    }
    String coding = coding();
    return new ResponseException(
        "The answer to "
            + label()
            + " ("
            + contentType()
            + ", "
            + body.length()
            + " bytes) is not JSON of the expected shape"
            + (coding == null
                ? NotJson.place(e.getLocation()) + JsonPointers.inMessage(e)
                : ": " + isCoded(coding)));
  }

  @Override
  public String text() {
    String coding = coding();
    if (coding != null) {
      throw new ResponseException(
          "The answer to " + label() + " cannot be read as text: " + isCoded(coding));
    }
    return errorText();
  }

  /** Returns what there is of an error's text, whether or not it can be read. */
  String errorText() {
    return WireText.text(body.bytes(), headers.get(CONTENT_TYPE));
  }

  /** Returns how the body is coded, or {@code null} if it is as it was written. */
  private @Nullable String coding() {
    return body.length() == 0 ? null : ContentCoding.of(headers);
  }

  private static String isCoded(String coding) {
    return "its Content-Encoding is '" + coding + "', which is not unpacked here";
  }

  @Override
  public byte[] bytes() {
    return body.bytes();
  }

  long length() {
    return body.length();
  }

  /** Returns the same answer, ready for whoever keeps it, on whatever thread. */
  BufferedResponse kept() {
    body.bytes();
    return this;
  }

  /** Says that nobody will read the body again. */
  void release() {
    body.release();
  }

  /** Hands the body over as a file. */
  FileInfo handTo(FileTarget target) {
    if (body.length() > target.maxBytes()) {
      throw LimitedSource.tooLarge(target.maxBytes());
    }
    HeldFile file = new HeldFile(this, http.transport().temporaryFiles());
    try {
      target.receive(file);
    } catch (IOException e) {
      throw IncomingFile.notWritten(this, e);
    }
    new ProgressSteps(target.progress(), body.length()).moveAll();
    return file.info();
  }

  private JsonMapper mapper() {
    return http.transport().mapper();
  }

  /** Returns the pause that the service asks for, or {@code null} if it asks for none. */
  @Nullable Duration retryAfter() {
    return RetryAfter.of(this, http.transport().clock());
  }

  /** Returns what was asked, as it is called in messages. */
  String label() {
    return http.label(request);
  }

  @Override
  public String toString() {
    return label() + " -> " + status;
  }
}

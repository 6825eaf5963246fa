package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.PercentEncoding;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** A request under construction, then on its way. */
final class BoundCall implements HttpCall {

  private static final MediaType JSON = MediaType.get("application/json");
  private static final MediaType FORM = MediaType.get("application/x-www-form-urlencoded");
  private static final String A_REQUEST = "a request";
  private static final String QUERY = "a query";
  private static final String FORM_FIELDS = "a form";
  private static final String OCTETS = "application/octet-stream";
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String BOUNDARY = "boundary";
  private static final int[] NONE = {};

  private final BoundHttp http;
  private final String method;
  private final UrlDraft url;
  private final Draft.Builder request;
  private @Nullable OneShotBody body;
  private @Nullable Spool spool;
  private boolean isText; // which is written in UTF-8
  private @Nullable MediaType declaredType;
  private int[] accepted = NONE;
  private @Nullable Duration timeout;
  private boolean acceptIsChosen;
  private boolean goesToFileHost;

  BoundCall(BoundHttp http, String method, UrlDraft url) {
    this(http, method, url, new Draft.Builder(http.transport().usualRequest()));
  }

  private BoundCall(BoundHttp http, String method, UrlDraft url, Draft.Builder request) {
    this.http = http;
    this.method = method;
    this.url = url;
    this.request = request;
  }

  @Override
  public HttpCall query(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    if (PlainText.isSimple(value)) {
      addQuery(name, value.toString());
    } else {
      texts(QUERY, name, value).forEach(text -> addQuery(name, text));
    }
    return this;
  }

  private void addQuery(String name, String text) {
    url.addQuery(PercentEncoding.encode(name), PlainText.encoded(QUERY, name, text));
  }

  private List<String> texts(String what, String name, @Nullable Object value) {
    return PlainText.all(http.transport().mapper(), what, name, value);
  }

  @Override
  public HttpCall header(String name, @Nullable String value) {
    if (name.equalsIgnoreCase(CONTENT_TYPE)) {
      declaredType = value == null ? null : mediaType(value);
    }
    if (value == null) {
      request.header(name, null);
      return this;
    }
    acceptIsChosen |= name.equalsIgnoreCase("Accept");
    if (!request.isAsUsual(name, value)) {
      HeaderRules.requireAllowed(name, value, http.isForStrategy());
      request.header(name, value);
    }
    return this;
  }

  @Override
  public HttpCall json(Object value) {
    try {
      return body(http.transport().mapper().writeValueAsBytes(value), JSON, true);
    } catch (JacksonException e) {
      // Its message can quote the value.
      Fault unwritable = new Fault(JsonPointers.of(e), "cannot be written as JSON");
      List<Fault> files = filesIn(value);
      throw new InvalidInputException(A_REQUEST, files.isEmpty() ? List.of(unwritable) : files);
    }
  }

  private List<Fault> filesIn(Object value) {
    try {
      return EmbeddedFiles.in(http.transport().mapper().valueToTree(value)).stream()
          .map(file -> new Fault(file, "is a file, which is sent by file() or multipart()"))
          .toList();
    } catch (JacksonException e) {
      return List.of();
    }
  }

  @Override
  public HttpCall form(Map<String, ?> fields) {
    StringJoiner form = new StringJoiner("&");
    fields.forEach(
        (name, value) ->
            texts(FORM_FIELDS, name, value)
                .forEach(
                    text ->
                        form.add(
                            PercentEncoding.encode(name)
                                + "="
                                + PlainText.encoded(FORM_FIELDS, name, text))));
    return body(form.toString().getBytes(StandardCharsets.US_ASCII), FORM, true);
  }

  @Override
  public HttpCall multipart(List<Part> parts) {
    return body(UploadBody.of(parts, spool()), false);
  }

  @Override
  public HttpCall file(FileSource file) {
    String type = Objects.requireNonNullElse(file.contentType(), OCTETS);
    return body(UploadBody.of(file, mediaType(type), spool()), false);
  }

  @Override
  public HttpCall chunked() {
    spool().isNotNeeded();
    return this;
  }

  @Override
  public HttpCall expectContinue() {
    request.header("Expect", "100-continue");
    return this;
  }

  /** Sends the request to a host that keeps files, without a credential. */
  void toFileHost() {
    request.elsewhere();
    goesToFileHost = true;
  }

  private Spool spool() {
    Spool known = spool;
    if (known == null) {
      known = new Spool(http.transport().temporaryFiles());
      spool = known;
    }
    return known;
  }

  @Override
  public HttpCall text(String text, String contentType) {
    return body(text.getBytes(StandardCharsets.UTF_8), mediaType(contentType), true);
  }

  @Override
  public HttpCall bytes(byte[] bytes, String contentType) {
    return body(bytes, mediaType(contentType), false);
  }

  private BoundCall body(byte[] bytes, MediaType type, boolean isText) {
    return body(OneShotBody.of(bytes, type), isText);
  }

  private BoundCall body(OneShotBody body, boolean isText) {
    this.body = body;
    this.isText = isText;
    return this;
  }

  static MediaType mediaType(String text) {
    HeaderRules.requireWellFormed(CONTENT_TYPE, text);
    MediaType type = MediaTypes.of(text);
    if (type == null) {
      throw unfitType("is not a media type");
    }
    return type;
  }

  private static InvalidInputException unfitType(String problem) {
    return new InvalidInputException(A_REQUEST, CONTENT_TYPE, problem);
  }

  @Override
  public HttpCall accepting(int... statuses) {
    accepted = statuses.clone();
    return this;
  }

  @Override
  public HttpCall token(String name) {
    request.token(new TokenName(name));
    return this;
  }

  @Override
  public HttpCall timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  @Override
  public HttpResponse send() {
    return answer().kept();
  }

  @Override
  public <T> T fetch(Class<T> type) {
    return fetched(answer -> answer.as(type));
  }

  @Override
  public <T> T fetch(TypeReference<T> type) {
    return fetched(answer -> answer.as(type));
  }

  @Override
  public <T> List<T> fetchList(Class<T> elements) {
    return fetched(answer -> answer.asList(elements));
  }

  @Override
  public JsonNode fetchJson() {
    return fetched(BufferedResponse::json);
  }

  private <T> T fetched(Function<BufferedResponse, T> reading) {
    BufferedResponse answer = answer();
    T value = reading.apply(answer);
    answer.release();
    return value;
  }

  @Override
  public FileInfo download(FileTarget target) {
    Delivered delivered = deliver(target);
    FileInfo file = delivered.file();
    if (file == null) {
      int status = delivered.answer().status();
      throw new ResponseException(
          http.label(draft().request()) + " was answered without a file: " + status);
    }
    return file;
  }

  Delivered deliver(FileTarget target) {
    request.header("Accept-Encoding", "identity");
    if (!acceptIsChosen) {
      request.header("Accept", "*/*");
    }
    try (Incoming incoming = new Incoming(http, target.maxBytes())) {
      Repetition repetition = repetition(incoming);
      BufferedResponse answer = sent(repetition, Repetition::run);
      if (incoming.isOpen() && !isRefusedBySuccess(answer)) {
        requireAsked(answer, repetition.request());
        Resumption resumption = new Resumption(repetition, incoming, answer);
        return new Delivered(
            answer, new IncomingFile(answer, resumption, target.progress()).handTo(target));
      }
      if (answer.isSuccess() && !incoming.isOpen()) {
        return new Delivered(answer, null);
      }
      throw failed(answer);
    }
  }

  /** A part that nobody has asked for would be taken for the file. */
  private static void requireAsked(BufferedResponse answer, Request request) {
    if (answer.status() == 206 && request.header("Range") == null) {
      throw new ResponseException(
          answer.label() + " was answered with a part of the file, which was not asked for");
    }
  }

  /** Returns the answer, for this thread to read. */
  BufferedResponse answer() {
    return counted(sent(repetition(null), Repetition::run));
  }

  /** Returns the answer to a single attempt, for whoever counts attempts by itself. */
  BufferedResponse answerToOne() {
    return counted(sent(repetition(null), Repetition::once));
  }

  private BufferedResponse counted(BufferedResponse response) {
    if (response.isSuccess() ? !isRefusedBySuccess(response) : isAccepted(response.status())) {
      return response;
    }
    throw failed(response);
  }

  private Repetition repetition(@Nullable Incoming incoming) {
    addIdempotencyKey();
    return new Repetition(http, draft(), attemptMillis(), incoming);
  }

  private ConnectorException failed(BufferedResponse response) {
    ServiceException answer =
        new ServiceException(
            response.label(),
            response.status(),
            response.headers(),
            response.errorText(),
            response.retryAfter());
    return isRefusal(response) ? rejected(answer) : answer;
  }

  private BufferedResponse sent(
      Repetition repetition, Function<Repetition, BufferedResponse> attempts) {
    boolean isFed = body != null && body.comesFromACall();
    if (isFed) {
      http.budget().began(); // It would wait for room that is freed when it is over.
    }
    try {
      return attempts.apply(repetition);
    } finally {
      if (isFed) {
        http.budget().ended();
      }
      if (spool != null) {
        spool.close();
      }
    }
  }

  private boolean isRefusedBySuccess(BufferedResponse response) {
    return http.endpoint().seesSuccess() && !isAccepted(response.status()) && isRefusal(response);
  }

  /**
   * Returns whether the connection's way to authenticate sees a refusal in an answer. Who got no
   * credential refuses none.
   */
  private boolean isRefusal(BufferedResponse response) {
    Authenticator authenticator = http.endpoint().authenticator();
    return authenticator != null
        && authenticator.isRefusal(response)
        && !Redirects.isElsewhere(response.request());
  }

  private AuthenticationException rejected(ServiceException answer) {
    return new AuthenticationException(
        http.endpoint().connection(),
        AuthenticationException.Reason.REJECTED,
        "the service did not accept its credential (status " + answer.status() + ")",
        answer);
  }

  private boolean isAccepted(int status) {
    return Arrays.stream(accepted).anyMatch(s -> s == status);
  }

  private long attemptMillis() {
    return timeout == null ? Long.MAX_VALUE : timeout.toMillis();
  }

  /** The key is between the connection and its service: hosts that keep files do not get it. */
  private void addIdempotencyKey() {
    if (goesToFileHost) {
      return;
    }
    String header = http.budget().idempotencyHeader();
    String key = header == null || Methods.isSafe(method) ? null : http.budget().nextRequestKey();
    if (header != null && key != null) {
      HeaderRules.requireAllowed(header, key, false);
      request.header(header, key);
    }
  }

  private Draft draft() {
    return request.build(method, url, requestBody());
  }

  /** A request that changes something has a body even if it is empty, so that it is one-shot. */
  private @Nullable RequestBody requestBody() {
    OneShotBody given = body;
    if (given == null) {
      return Methods.isSafe(method) ? null : OneShotBody.of(new byte[0], null);
    }
    if (Methods.isWithoutBody(method)) {
      throw new InvalidInputException(A_REQUEST, "(body)", "cannot go with " + method);
    }
    MediaType type = typeOf(given);
    return Objects.equals(type, given.contentType()) ? given : given.as(type);
  }

  private @Nullable MediaType typeOf(OneShotBody body) {
    MediaType said = body.contentType();
    MediaType declared = declaredType == null ? said : declaredType;
    if (said == null || declared == null) {
      return declared;
    }
    Charset charset = declared.charset();
    if (isText && charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw unfitType("names a charset that is not UTF-8; encode the text and call bytes()");
    }
    if (!Objects.equals(said.parameter(BOUNDARY), declared.parameter(BOUNDARY))) {
      throw unfitType("does not name the boundary of the parts; do not set this header");
    }
    return declared;
  }

  @Override
  public <T> Stream<T> pages(Paging paging, String itemsPointer, Class<T> items) {
    return new Pages<>(this, paging, itemsPointer, items, http.transport().mapper()).stream();
  }

  /** Returns a GET request for a further page, with the same headers. */
  BoundCall follow(HttpUrl next) {
    BoundCall call =
        new BoundCall(http, "GET", UrlDraft.of(next), Draft.Builder.like(draft().request()));
    call.accepted = accepted;
    call.timeout = timeout;
    return call;
  }

  /** Returns the same request with a query parameter replaced. */
  BoundCall withQuery(String name, String value) {
    return at(url().newBuilder().setQueryParameter(name, value));
  }

  /** Returns the same request with a header replaced. */
  BoundCall withHeader(String name, String value) {
    BoundCall next = at(url().newBuilder());
    next.header(name, value);
    return next;
  }

  private BoundCall at(HttpUrl.Builder target) {
    BoundCall next =
        new BoundCall(http, method, UrlDraft.of(target), Draft.Builder.like(draft().request()));
    next.body = body;
    next.spool = spool;
    next.isText = isText;
    next.declaredType = declaredType;
    next.accepted = accepted;
    next.timeout = timeout;
    return next;
  }

  HttpUrl url() {
    return url.url();
  }
}

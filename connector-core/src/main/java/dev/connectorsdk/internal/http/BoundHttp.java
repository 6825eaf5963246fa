package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.http.ChunkedUpload;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.internal.observation.Observations;
import java.io.IOException;
import java.net.URI;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** The client that connector code gets: one connection, one call. */
final class BoundHttp implements ConnectorHttp {

  private final Transport transport;
  private final HttpLimits limits;
  private final Endpoint endpoint;
  private final CallBudget budget;
  private final @Nullable Stage stage;
  private final Bulkheads bulkheads;
  private final boolean forStrategy;

  /**
   * @param stage what each request passes after authentication, or {@code null} for nothing
   * @param bulkheads where exchanges find room
   * @param forStrategy whether the requests are an auth strategy's own
   */
  BoundHttp(
      Transport transport,
      HttpLimits limits,
      Endpoint endpoint,
      CallBudget budget,
      @Nullable Stage stage,
      Bulkheads bulkheads,
      boolean forStrategy) {
    this.transport = transport;
    this.limits = limits;
    this.endpoint = endpoint;
    this.budget = budget;
    this.stage = stage;
    this.bulkheads = bulkheads;
    this.forStrategy = forStrategy;
  }

  @Override
  public URI baseUrl() {
    return endpoint.baseUri();
  }

  @Override
  public HttpCall call(String method, String pathTemplate, Object... arguments) {
    Methods.requireSendable(method);
    Object[] plain = plain(arguments);
    PathPlan.Url url = transport.pathTemplates().of(pathTemplate).below(endpoint.baseUrl(), plain);
    return url == null
        ? callEncoded(method, PathTemplate.fill(pathTemplate, plain))
        : new BoundCall(this, method, UrlDraft.of(url));
  }

  /** Returns arguments as they stand in a path, those that are nothing as empty texts. */
  private Object[] plain(Object[] arguments) {
    Object[] plain = arguments;
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      if (!PlainText.isSimple(argument)) {
        plain = plain == arguments ? arguments.clone() : plain;
        plain[i] = PlainText.one(transport.mapper(), "a path", "argument " + (i + 1), argument);
      }
    }
    return plain;
  }

  @Override
  public HttpCall callEncoded(String method, String target) {
    Methods.requireSendable(method);
    return new BoundCall(this, method, UrlDraft.of(url(target)));
  }

  /** Returns {@code null} if the target is not in pieces. */
  @Nullable HttpCall callEncoded(String method, EncodedTarget target) {
    Methods.requireSendable(method);
    return target.plan() == null
        ? null
        : new BoundCall(this, method, UrlDraft.below(endpoint.baseUrl(), target));
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (stage != null) {
      throw new IllegalArgumentException("What passes a stage has no client below");
    }
    if (type != OkHttpClient.class) {
      throw new IllegalArgumentException(
          "The client below is an okhttp3.OkHttpClient, not a " + type.getName());
    }
    return type.cast(transport.unwrapped(limits, call -> call.send(this)));
  }

  @Override
  public HttpResponse upload(HttpResponse opened, FileSource file, ChunkedUpload way) {
    HttpUrl answered = AnsweredUrl.of(opened);
    String session = way.session(opened);
    HttpUrl url = answered == null || session == null ? null : answered.resolve(session);
    if (url == null) {
      throw new ResponseException("The answer that was to open an upload names no session");
    }
    boolean isFed = FileBody.comesFromACall(file);
    if (isFed) {
      budget.began(); // It would wait for room that is freed when it is over.
    }
    try (ChunkedFile chunks = new ChunkedFile(file, way.chunkBytes())) {
      return new UploadSession(this, way, url, chunks, file.progress()).run().kept();
    } catch (IOException e) {
      throw UnreadableFile.of(e).failure();
    } finally {
      if (isFed) {
        budget.ended();
      }
    }
  }

  private HttpUrl.Builder url(String target) {
    // OkHttp would quietly resolve dot segments, which leads to another path.
    if (isUnambiguous(target) && !DotSegments.in(target)) {
      if (target.startsWith("/")) {
        return endpoint.below(target);
      }
      HttpUrl url = Origins.isPlain(target) ? HttpUrl.parse(target) : null;
      if (url != null) {
        return url.newBuilder();
      }
    }
    throw new InvalidInputException(
        "a request",
        "(URL)",
        "is not an http or https URL without user, dot segments, backslashes and control"
            + " characters");
  }

  /** OkHttp takes a backslash for a slash, and leaves out tabs and line breaks. */
  private static boolean isUnambiguous(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c < ' ' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns what a request is called in messages: neither path nor query, which may hold secrets.
   */
  String label(Request request) {
    HttpUrl url = request.url();
    return request.method()
        + " "
        + Origin.hostHeader(url.scheme(), url.host(), url.port())
        + " on connection '"
        + endpoint.connection()
        + "'";
  }

  /**
   * Checks that the connection is for the origin of a URL, and that policies let requests go there.
   */
  void requireAllowed(HttpUrl url) {
    endpoint.requireAllowed(url);
    requirePermitted(url);
  }

  /** Checks that policies let requests go to a URL. */
  void requirePermitted(HttpUrl url) {
    endpoint.gate().require(url, budget.caller());
  }

  /** Returns whether the requests are an auth strategy's own. */
  boolean isForStrategy() {
    return forStrategy;
  }

  /** Says that a request is about to be sent. */
  Observations.Sending observed(Request request) {
    return transport.observations().send(endpoint.connector(), request, forStrategy);
  }

  /** Returns the room that an exchange with a URL needs. */
  Room room(HttpUrl url) {
    return endpoint.room(url, bulkheads);
  }

  /** Says with which status a URL has answered. */
  void answered(HttpUrl url, int status) {
    room(url).answered(status, transport.clock());
  }

  /** Says that a URL gave no whole answer. */
  void failed(HttpUrl url) {
    room(url).failed(transport.clock());
  }

  /** Takes the right to repeat a request, if there is one left. */
  boolean mayRepeat(HttpUrl url) {
    return !room(url).isPaused() && endpoint.room(bulkheads).retries().take();
  }

  /** Says that a request was answered with success. */
  void succeeded() {
    endpoint.room(bulkheads).retries().succeeded();
  }

  Transport transport() {
    return transport;
  }

  /**
   * Returns the client for a request.
   *
   * @param withCredential whether the connection's credential may go there
   */
  OkHttpClient client(HttpUrl url, boolean withCredential) {
    ServiceClients clients = endpoint.clients();
    return (withCredential ? clients : clients.anonymous())
        .client(use(endpoint.isChosenByUser(url)), url.isHttps());
  }

  /** Returns the client for a host that neither a user nor a service has chosen. */
  OkHttpClient clientForFixedHost(HttpUrl url) {
    return endpoint.clients().client(use(false), url.isHttps());
  }

  private ServiceClients.Use use(boolean chosenByUser) {
    return ServiceClients.Use.of(isForStrategy(), chosenByUser);
  }

  HttpLimits limits() {
    return limits;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  CallBudget budget() {
    return budget;
  }

  @Nullable Stage stage() {
    return stage;
  }
}

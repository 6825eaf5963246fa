package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.internal.http.RequestCredential.Signed;
import dev.connectorsdk.internal.observation.Observations;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request once, redirects included, and reads the whole answer, or leaves the reading of a
 * file to others. It decides nothing about repeating.
 */
final class Exchange {

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** As much as is read of an answer that is no success. */
  static final long MAX_ERROR_BYTES = 64 * 1024;

  private static final byte[] NO_BODY = {};

  private final BoundHttp http;
  private final Draft draft;
  private final long attemptMillis;
  private final @Nullable Incoming incoming;
  private @Nullable Signed credential;
  private boolean endsWithCall; // set for each request

  /**
   * @param attemptMillis the most time that this attempt may take
   * @param incoming takes over an answer that has a file, or {@code null} if none is asked for
   */
  Exchange(BoundHttp http, Draft draft, long attemptMillis, @Nullable Incoming incoming) {
    this.http = http;
    this.draft = draft;
    this.attemptMillis = attemptMillis;
    this.incoming = incoming;
  }

  /** Returns what the answer is to, or {@code null} if that had no credential. */
  @Nullable Signed credential() {
    return credential;
  }

  BufferedResponse run() {
    Stage stage = http.stage();
    return stage == null ? plain() : staged(stage);
  }

  private BufferedResponse plain() {
    HttpUrl url = draft.url();
    if (!http.endpoint().allows(url) && draft.isElsewhere()) {
      return file(draft.request(), http.endpoint().below("/").build(), 0);
    }
    http.requireAllowed(url);
    BufferedResponse response = send(signed(), http.client(url, true));
    return Redirects.isOne(response.status()) ? redirected(response) : response;
  }

  private BufferedResponse redirected(BufferedResponse first) {
    Request next = draft.request();
    BufferedResponse response = first;
    for (int redirects = 0; ; redirects++) {
      HttpUrl location = redirect(next, response);
      if (location == null) {
        return response;
      }
      Redirects.requireFew(redirects, http, draft.request());
      if (http.endpoint().keepsFileAt(location, next.url())) {
        return file(Redirects.forFile(next, location), next.url(), redirects + 1);
      }
      next = Redirects.marked(next.newBuilder().url(location), !isAsked(location)).build();
      http.requireAllowed(location);
      response = send(signed(next), http.client(location, isAsked(location)));
    }
  }

  /**
   * Sends a request to where the service keeps a file.
   *
   * @param from what has led there
   * @param before how many redirects were followed
   */
  private BufferedResponse file(Request first, HttpUrl from, int before) {
    credential = null;
    Request next = first;
    HttpUrl last = from;
    for (int redirects = before; ; redirects++) {
      http.endpoint().requireFileAt(next.url(), last);
      http.requirePermitted(next.url());
      BufferedResponse response = send(next, http.client(next.url(), false));
      HttpUrl location = redirect(next, response);
      if (location == null) {
        return response;
      }
      Redirects.requireFew(redirects, http, draft.request());
      last = next.url();
      next =
          Origins.isOn(Origins.of(last), location)
              ? next.newBuilder().url(location).build()
              : Redirects.forFile(next, location);
    }
  }

  /** What a stage sends goes to origins that the stage trusts, or that the connection is for. */
  private BufferedResponse staged(Stage stage) {
    StageChain chain = new StageChain();
    WireResponse answer = stage.exchange(draft.onTheWire(signedForStage()), chain);
    return new BufferedResponse(
        http, chain.last(), answer.status(), answer.headers(), answer.received());
  }

  private final class StageChain implements Stage.Chain {

    private @Nullable Request last;

    /** Returns what was asked last. */
    Request last() {
      return last == null ? draft.request() : last;
    }

    @Override
    public boolean allows(HttpUrl url) {
      return http.endpoint().allows(url);
    }

    @Override
    public WireResponse send(WireRequest wire, Stage.Trust trust) {
      if (trust == Stage.Trust.NONE) {
        http.endpoint().requireAllowed(wire.url());
      }
      Request next = wire.toRequest();
      boolean asked = true;
      for (int redirects = 0; ; redirects++) {
        last = next;
        http.requirePermitted(next.url());
        boolean fixed = asked && trust == Stage.Trust.AUTHOR;
        BufferedResponse response =
            Exchange.this.send(
                next, fixed ? http.clientForFixedHost(next.url()) : http.client(next.url(), asked));
        HttpUrl location = redirect(next, response);
        if (location == null) {
          return response.onTheWire();
        }
        Redirects.requireFew(redirects, http, draft.request());
        if (asked && Origins.isOn(Origins.of(wire.url()), location)) {
          next = next.newBuilder().url(location).build();
        } else if (http.endpoint().keepsFileAt(location, next.url())) {
          BufferedResponse file =
              file(Redirects.forFile(next, location), next.url(), redirects + 1);
          last = file.request();
          return file.onTheWire();
        } else {
          http.endpoint().requireAllowed(location);
          asked = false;
          Request.Builder away =
              draft.request().newBuilder().url(location).method(next.method(), null);
          next = Redirects.marked(away, true).build();
        }
      }
    }
  }

  private static @Nullable OneShotBody content(Request sent) {
    return sent.body() instanceof OneShotBody body ? body : null;
  }

  private Request signed() {
    Authenticator authenticator = http.endpoint().authenticator();
    return authenticator == null ? draft.request() : signed(draft, authenticator);
  }

  /** A stage may add to the URL, so it is not made before. */
  private Request signedForStage() {
    Authenticator authenticator = http.endpoint().authenticator();
    if (authenticator == null) {
      return draft.isUrlAsTargeted() ? draft.begin().build() : draft.request();
    }
    Signed signed =
        RequestCredential.signWithoutUrl(draft, authenticator, http.endpoint(), http.budget());
    credential = signed;
    return signed.request();
  }

  /** A credential goes to the origin that was asked, not to where an answer points. */
  private Request signed(Request next) {
    Authenticator authenticator = http.endpoint().authenticator();
    if (authenticator == null || !isAsked(next.url())) {
      credential = null;
      return next;
    }
    return signed(Draft.of(next), authenticator);
  }

  private Request signed(Draft next, Authenticator authenticator) {
    Signed signed = RequestCredential.sign(next, authenticator, http.endpoint(), http.budget());
    credential = signed;
    return signed.request();
  }

  private boolean isAsked(HttpUrl url) {
    return Origins.isOn(Origins.of(draft.url()), url);
  }

  private @Nullable HttpUrl redirect(Request from, BufferedResponse response) {
    return http.isForStrategy()
        ? null
        : Redirects.target(from, response.status(), response.rawHeaders());
  }

  private BufferedResponse send(Request signed, OkHttpClient client) {
    long left = http.budget().remainingMillis();
    long millis = Math.min(attemptMillis, left);
    endsWithCall = left < attemptMillis;
    requireMayBegin(signed, millis);
    OneShotBody body = content(signed);
    if (body != null) {
      body.forgetWriting();
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    Room room = http.room(signed.url());
    boolean entered = room.enter(http, signed, deadline);
    Observations.Sending observed = http.observed(signed);
    try {
      http.budget().countExchange();
      BufferedResponse response = passingEnded(signed, observed.request(), client, deadline);
      room.answered(response.status(), http.transport().clock());
      observed.answered(response.status());
      return response;
    } catch (IOException e) {
      ConnectorException failure = failed(e, null, signed);
      observed.end(failure);
      throw failure;
    } catch (ConnectorException e) {
      observed.end(e);
      throw e;
    } finally {
      if (entered && (incoming == null || !incoming.keeps(room))) {
        room.leave();
      }
    }
  }

  private void requireMayBegin(Request signed, long millis) {
    if (millis <= 0) {
      throw new TransportException(http.label(signed), Kind.TIMEOUT, false, null);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CallCancelledException(http.label(signed));
    }
  }

  /** Sends until a connection is met that has not ended; on the others nothing was sent. */
  private BufferedResponse passingEnded(
      Request signed, Request sent, OkHttpClient client, long deadline) throws IOException {
    for (int before = 0; ; before++) {
      try {
        return send(signed, sent, client, deadline);
      } catch (IdleConnections.Ended e) {
        IdleConnections.requireFew(before, e);
      }
    }
  }

  /**
   * Sends on one connection.
   *
   * @param sent the request with what tells its trace
   * @throws IdleConnections.Ended if that had ended
   */
  private BufferedResponse send(Request signed, Request sent, OkHttpClient client, long deadline)
      throws IdleConnections.Ended {
    Call call = (incoming == null ? client : incoming.client(client)).newCall(sent);
    InFlightCalls.Entry entry =
        http.transport().inFlight().enter(call, deadline, http.isForStrategy());
    boolean isTaken = false;
    try {
      Response response = http.transport().noContent().execute(call);
      isTaken = incoming != null && incoming.takes(this, signed, response, entry);
      AnswerBody body = isTaken ? AnswerBody.of(beginning(http, response)) : read(response, entry);
      BufferedResponse buffered =
          new BufferedResponse(http, signed, response.code(), response.headers(), body);
      log.debug("{}", buffered);
      return buffered;
    } catch (IOException e) {
      if (e instanceof IdleConnections.Ended ended && entry.cancelled() == null) {
        throw ended;
      }
      throw failed(e, entry, signed);
    } finally {
      if (!isTaken) {
        entry.leave();
      }
    }
  }

  /** Returns what it means that a request was not answered as a whole, and notes that. */
  ConnectorException failed(IOException e, InFlightCalls.@Nullable Entry entry, Request signed) {
    InFlightCalls.Reason cancelled = entry == null ? null : entry.cancelled();
    ConnectorException failure = failure(NothingSent.noted(e, signed.body()), cancelled, signed);
    // That a call had little time left, or was ended by us, says nothing of the service.
    boolean wasCutShort =
        (cancelled == InFlightCalls.Reason.TIMEOUT && endsWithCall)
            || (entry != null && entry.wasCut());
    if (failure instanceof TransportException transport
        && transport.kind() != Kind.GATEWAY
        && !wasCutShort) {
      http.failed(signed.url());
    }
    log.debug("{}", failure.getMessage());
    return failure;
  }

  /**
   * Returns the beginning of a success that somebody reads as it comes, if it may be the refusal of
   * a credential: neither a file of another type nor a stream of events, which would be waited for.
   */
  static byte[] beginning(BoundHttp http, Response response) throws IOException {
    return http.endpoint().seesSuccess() && mayRefuse(response.body().contentType())
        ? response.peekBody(MAX_ERROR_BYTES).bytes()
        : NO_BODY;
  }

  private static boolean mayRefuse(@Nullable MediaType type) {
    return type == null
        || type.subtype().equals("json")
        || type.subtype().endsWith("+json")
        || (type.type().equals("text") && !type.subtype().equals("event-stream"));
  }

  private AnswerBody read(Response response, InFlightCalls.Entry entry) throws IOException {
    try (ResponseBody content = response.body()) {
      if (!response.isSuccessful()) {
        return AnswerBody.of(readError(content.source(), entry));
      }
      LimitedBody.requireLength(content);
      BufferedSource source = content.source();
      long limit = http.limits().maxResponseBytes();
      if (source.request(limit + 1)) {
        throw LimitedSource.tooLarge(limit);
      }
      return AnswerBody.taking(source.getBuffer());
    }
  }

  /** The status says what became of the request, even if the rest does not arrive whole. */
  private static byte[] readError(BufferedSource source, InFlightCalls.Entry entry)
      throws IOException {
    try {
      source.request(MAX_ERROR_BYTES);
    } catch (IOException e) {
      if (entry.cancelled() != null || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      log.debug("The body of an error broke off: {}", e.getClass().getName());
    }
    return source.readByteArray(Math.min(source.getBuffer().size(), MAX_ERROR_BYTES));
  }

  private ConnectorException failure(
      IOException e, InFlightCalls.@Nullable Reason cancelled, Request signed) {
    OneShotBody body = content(signed);
    boolean mayBeDone = body != null && body.wasWritten() && !Methods.isSafe(signed.method());
    if (cancelled == InFlightCalls.Reason.TIMEOUT) {
      return new TransportException(http.label(signed), Kind.TIMEOUT, mayBeDone, null);
    }
    if (cancelled != null || Thread.currentThread().isInterrupted()) {
      return new CallCancelledException(http.label(signed));
    }
    ConnectorException known = known(e, signed);
    if (known != null) {
      return known;
    }
    String refused = http.endpoint().tls() == null ? null : TlsFailure.refusedCertificate(e);
    return refused == null
        ? new TransportException(http.label(signed), kind(e), mayBeDone, describe(e))
        : new AuthenticationException(
            http.endpoint().connection(),
            AuthenticationException.Reason.REJECTED,
            "the service refused its client certificate (" + refused + ")");
  }

  /** Returns what a failure of our own means, or {@code null} if it is another's. */
  private @Nullable ConnectorException known(IOException e, Request signed) {
    if (e instanceof AnswerTooLarge tooLarge) {
      return tooLarge.failure();
    }
    if (e instanceof UnreadableFile unreadable) {
      return unreadable.failure();
    }
    if (e instanceof GatewayFailure gateway) {
      return gateway.failure(http.label(signed), signed.url(), http.endpoint().connection());
    }
    if (e instanceof AddressGuard.Refused) {
      return Endpoint.addressRefused(signed.url());
    }
    return e instanceof AddressGuard.UnknownProxy
        ? new TransportException(
            http.label(signed) + " through a proxy whose name is unknown",
            Kind.CONNECT,
            false,
            null)
        : null;
  }

  private static Kind kind(IOException e) {
    if (e instanceof SSLException) {
      return Kind.TLS;
    }
    if (e instanceof ConnectException
        || e instanceof UnknownHostException
        || e instanceof NoRouteToHostException) {
      return Kind.CONNECT;
    }
    return e instanceof SocketTimeoutException || e instanceof InterruptedIOException
        ? Kind.TIMEOUT
        : Kind.BROKEN_OFF;
  }

  /** OkHttp's messages can hold header values, so the kind of failure and what we know is kept. */
  private static Throwable describe(IOException e) {
    String reason = TlsFailure.reason(e);
    String name = e.getClass().getName();
    IOException safe = new IOException(reason == null ? name : name + ": " + reason);
    safe.setStackTrace(e.getStackTrace());
    return safe;
  }
}

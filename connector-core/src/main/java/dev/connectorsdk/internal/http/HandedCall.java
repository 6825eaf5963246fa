package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.internal.http.RequestCredential.Signed;
import dev.connectorsdk.internal.observation.Observations;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * A call of an unwrapped client, handed over to be carried out: checked, authenticated and limited,
 * in a client that only we know. The answer says nothing of what was added.
 */
public final class HandedCall {

  /** Carries out the calls of an unwrapped client. */
  @FunctionalInterface
  public interface Way {

    /** Returns the answer, whose body is the user's to read. */
    Response send(HandedCall call) throws IOException;
  }

  private final Interceptor.Chain chain;
  private final CancelledTogether cancelled;

  HandedCall(Interceptor.Chain chain) {
    this.chain = chain;
    this.cancelled = new CancelledTogether(chain.call());
  }

  /** Carries the call out on a connection. */
  public Response send(Transport transport, Endpoint endpoint, CallBudget budget)
      throws IOException {
    return send(transport.bound(endpoint, budget, null));
  }

  Response send(BoundHttp http) throws IOException {
    return new Sending(http).run();
  }

  private final class Sending {

    private final BoundHttp http;
    private final CredentialRenewal renewal;
    private final Request asked;

    Sending(BoundHttp http) {
      Request request = chain.request();
      Methods.requireSendable(request.method());
      this.http = http;
      this.renewal = new CredentialRenewal(http);
      this.asked =
          request
              .newBuilder()
              .headers(named(HeaderRules.ofUnwrapped(request.headers(), request.url())))
              .build();
    }

    /** Whoever sends a request says who it is, else the host. */
    private Headers named(Headers sent) {
      String host = http.transport().usualHeaders().get(Transport.USER_AGENT);
      return host == null || sent.get(Transport.USER_AGENT) != null
          ? sent
          : sent.newBuilder().add(Transport.USER_AGENT, host).build();
    }

    Response run() throws IOException {
      Request next = asked;
      for (int redirects = 0; ; redirects++) {
        Response response = permitted(next);
        HttpUrl location;
        try {
          location = redirect(next, response);
        } catch (RuntimeException e) {
          response.close();
          throw e;
        }
        if (location == null) {
          return shown(response);
        }
        response.close();
        Redirects.requireFew(redirects, http, asked);
        next = redirected(next, location);
      }
    }

    /** Of these requests, those for files are marked. */
    private Response permitted(Request next) throws IOException {
      if (Redirects.isElsewhere(next)) {
        http.requirePermitted(next.url());
        return sent(next, false);
      }
      http.requireAllowed(next.url());
      return authenticated(next);
    }

    private Request redirected(Request from, HttpUrl location) {
      Endpoint endpoint = http.endpoint();
      if (!Redirects.isElsewhere(from) && !endpoint.keepsFileAt(location, from.url())) {
        return withoutAuthorization(from, location);
      }
      endpoint.requireFileAt(location, from.url());
      return Redirects.forFile(from, location);
    }

    /** What libraries authenticate with by themselves stays at its origin, as OkHttp has it. */
    private static Request withoutAuthorization(Request from, HttpUrl location) {
      Request.Builder next = from.newBuilder().url(location);
      return Origins.isOn(Origins.of(from.url()), location)
          ? next.build()
          : next.removeHeader("Authorization").removeHeader("Cookie").build();
    }

    private @Nullable HttpUrl redirect(Request from, Response response) {
      return chain.getFollowRedirects()
          ? Redirects.target(from, response.code(), response.headers())
          : null;
    }

    private boolean isAsked(Request next) {
      return next == asked || Origins.isOn(Origins.of(asked.url()), next.url());
    }

    /** A credential goes to the origin that was asked, not to where an answer points. */
    private Response authenticated(Request next) throws IOException {
      Authenticator authenticator = http.endpoint().authenticator();
      if (!isAsked(next)) {
        return sent(Redirects.marked(next.newBuilder(), true).build(), false);
      }
      if (authenticator == null) {
        return sent(next, true);
      }
      while (true) {
        Signed signed = RequestCredential.sign(next, authenticator, http.budget());
        Response response = sent(signed.request(), true);
        if (!helpsAgain(signed, response)) {
          return response;
        }
        response.close();
      }
    }

    private boolean helpsAgain(Signed signed, Response response) throws IOException {
      try {
        return renewal.helpsAfter(signed, buffered(response)) && !isOneShot(signed.request());
      } catch (IOException | RuntimeException e) {
        response.close();
        throw e;
      }
    }

    /** The body is the caller's to read; a look at an error's start takes nothing away. */
    private BufferedResponse buffered(Response response) throws IOException {
      byte[] body =
          response.isSuccessful()
              ? Exchange.beginning(http, response)
              : Objects.requireNonNullElse(beginning(response), new byte[0]);
      return new BufferedResponse(
          http, asked, response.code(), response.headers(), AnswerBody.of(body));
    }

    private static boolean isOneShot(Request request) {
      RequestBody body = request.body();
      return body != null && body.isOneShot();
    }

    private Response sent(Request request, boolean credential) throws IOException {
      long millis = Math.max(1, http.budget().remainingMillis());
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      OkHttpClient client = letting(patient(http.client(request.url(), credential)));
      http.budget().countExchange();
      Observations.Sending observed = http.observed(request);
      try {
        Response response =
            IdleConnections.passingEnded(() -> sent(client.newCall(observed.request()), deadline));
        observed.answered(response.code());
        return response;
      } catch (IOException | ConnectorException e) {
        observed.end(meaning(e, request));
        throw e;
      }
    }

    private ConnectorException meaning(Exception e, Request request) {
      if (e instanceof ConnectorException known) {
        return known;
      }
      return e instanceof GatewayFailure gateway
          ? gateway.failure(http.label(request), request.url(), http.endpoint().connection())
          : new TransportException(http.label(request), Kind.BROKEN_OFF, true, null);
    }

    private Response sent(Call call, long deadline) throws IOException {
      Stay stay = Stay.of(call, http, deadline);
      try {
        Response response = settled(sentInRoom(call, deadline));
        stay.handOver();
        http.answered(call.request().url(), response.code());
        return response;
      } catch (Throwable e) {
        stay.end();
        if (isFaultOfService(e, call)) {
          http.failed(call.request().url());
        }
        throw e;
      }
    }

    /**
     * A call is cancelled when its time is over, which says nothing of the service, and neither
     * does a gateway that takes nothing.
     */
    private static boolean isFaultOfService(Throwable e, Call call) {
      return e instanceof IOException
          && !(e instanceof GatewayFailure)
          && !(e instanceof IdleConnections.Ended)
          && !(e instanceof AnswerTooLarge)
          && !call.isCanceled()
          && !Thread.currentThread().isInterrupted();
    }

    /** An error is short: it is read, so that it takes up no room while others are asked. */
    private Response settled(Response response) throws IOException {
      if (response.isSuccessful()) {
        return response;
      }
      byte[] start = beginning(response);
      if (start == null || start.length > Exchange.MAX_ERROR_BYTES) {
        return response;
      }
      ResponseBody body = ResponseBody.create(start, response.body().contentType());
      response.close();
      return response.newBuilder().body(body).build();
    }

    /**
     * Returns the beginning of an error's body, or {@code null} if it cannot be read: the status
     * counts all the same, and whoever reads the body finds out.
     */
    private byte @Nullable [] beginning(Response response) throws IOException {
      try {
        return response.peekBody(Exchange.MAX_ERROR_BYTES + 1).bytes();
      } catch (IOException e) {
        if (chain.call().isCanceled() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        return null;
      }
    }

    private Response sentInRoom(Call call, long deadline) throws IOException {
      long left = Math.max(1, deadline - System.nanoTime());
      call.timeout().timeout(left, TimeUnit.NANOSECONDS); // for the body as well
      InFlightCalls.Entry entry =
          http.transport().inFlight().enter(call, deadline, http.isForStrategy());
      try {
        cancelled.with(call);
        return http.transport().noContent().execute(call);
      } catch (AddressGuard.Refused e) {
        throw Endpoint.addressRefused(call.request().url());
      } finally {
        entry.leave();
      }
    }

    private long mostBytes() {
      return http.budget().mostBytes(http.limits().maxResponseBytes());
    }

    private OkHttpClient letting(OkHttpClient ours) {
      long most = mostBytes();
      return most == http.limits().maxResponseBytes() ? ours : WireRules.letting(ours, most);
    }

    /** Returns a client that waits no longer than the user's would. */
    private OkHttpClient patient(OkHttpClient ours) {
      int connect = shorter(ours.connectTimeoutMillis(), chain.connectTimeoutMillis());
      int read = shorter(ours.readTimeoutMillis(), chain.readTimeoutMillis());
      int write = shorter(ours.writeTimeoutMillis(), chain.writeTimeoutMillis());
      if (connect == ours.connectTimeoutMillis()
          && read == ours.readTimeoutMillis()
          && write == ours.writeTimeoutMillis()) {
        return ours;
      }
      return ours.newBuilder()
          .connectTimeout(connect, TimeUnit.MILLISECONDS)
          .readTimeout(read, TimeUnit.MILLISECONDS)
          .writeTimeout(write, TimeUnit.MILLISECONDS)
          .build();
    }

    /** Zero is no limit at all. */
    private static int shorter(int ours, int theirs) {
      return theirs == 0 || ours == 0 ? Math.max(ours, theirs) : Math.min(ours, theirs);
    }

    private Response shown(Response response) {
      Request request = chain.request();
      Response network = response.networkResponse();
      ResponseBody body = new LimitedBody(response.body(), mostBytes());
      return response
          .newBuilder()
          .request(request)
          .networkResponse(network == null ? null : network.newBuilder().request(request).build())
          .body(body)
          .build();
    }
  }
}

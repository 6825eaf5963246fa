package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.Reset;
import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import dev.connectorsdk.internal.gateway.line.StreamEnded;
import dev.connectorsdk.internal.gateway.line.Texts;
import dev.connectorsdk.internal.gateway.seal.Prepared;
import dev.connectorsdk.internal.http.RefusedCredential;
import dev.connectorsdk.internal.http.RelayedExchanges;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLException;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ByteString;
import okio.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries out what the host sends, each request once. Whatever the host says, it goes only to the
 * member's own origins. Safe for several threads.
 */
public final class Errands {

  private static final Logger log = LoggerFactory.getLogger(Errands.class);

  /** How long a token may be waited for. */
  private static final Duration FOR_TOKENS = Duration.ofSeconds(30);

  private static final int PIECE = 16 * 1024;

  private final AllowedOrigins origins;
  private final SealedAuth auth;
  private final RelayedExchanges exchanges;
  private final JsonMapper mapper;
  private final Clock clock;

  /**
   * @param exchanges stays open; whoever made it closes it
   */
  public Errands(
      AllowedOrigins origins,
      SealedAuth auth,
      RelayedExchanges exchanges,
      JsonMapper mapper,
      Clock clock) {
    this.origins = origins;
    this.auth = auth;
    this.exchanges = exchanges;
    this.mapper = mapper;
    this.clock = clock;
  }

  /** Carries out what a stream was opened for, and ends that. */
  void run(LineStream stream) {
    try {
      run(stream, new HeadOfRequest(Texts.tree(stream.head(), mapper)));
    } catch (IOException e) {
      stream.end(Failures.of(e, true));
    } catch (HostNotAllowedException e) {
      Reason reason = origins.include(e.origin()) ? Reason.NOT_ALLOWED : Reason.NOT_GIVEN;
      stream.end(new Reset(reason, false, e.reason()));
    } catch (ConnectorException e) {
      stream.end(Failures.of(e));
    } catch (RuntimeException e) {
      log.warn("A request of the host could not be carried out", e);
      stream.end(new Reset(Reason.BROKEN_OFF, true, "the gateway's member failed"));
    }
  }

  private void run(LineStream stream, HeadOfRequest head) throws IOException {
    Request asked = head.request(stream::body);
    origins.require(asked.url());
    Prepared prepared = auth.authenticate(asked, head.auth(), untilTokens());
    Request request = prepared.request();
    origins.require(request.url());
    try (Response response = sent(stream, head, prepared)) {
      if (request.body() != null) {
        stream.enough();
      }
      if (RefusedCredential.isSaidBy(response.code(), response.header("WWW-Authenticate"))) {
        // The host sends the request again, whose body it still has.
        prepared.whenRefused().accept(untilTokens());
      }
      answer(stream, response);
    }
  }

  private Instant untilTokens() {
    return clock.instant().plus(FOR_TOKENS);
  }

  private Response sent(LineStream stream, HeadOfRequest head, Prepared prepared)
      throws IOException {
    Request request = prepared.request();
    try {
      return exchanges.send(
          head.connection(),
          prepared.tls(),
          request,
          head.connectTimeout(),
          head.readTimeout(),
          call -> stream.whenEnded(call::cancel));
    } catch (IOException e) {
      boolean sent = !(request.body() instanceof StreamedBody body) || body.wasBegun();
      stream.end(Failures.of(e, sent));
      throw e;
    }
  }

  private void answer(LineStream stream, Response response) throws IOException {
    ResponseBody body = response.body();
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("status", response.code())
            .put("message", response.message())
            .put("length", body.contentLength());
    ArrayNode headers = json.putArray("headers");
    response.headers().forEach(one -> headers.add(one.getFirst()).add(one.getSecond()));
    ByteString text = Texts.bytes(json, mapper);
    try {
      answer(stream, text, body);
    } catch (StreamEnded e) {
      throw e;
    } catch (IOException e) {
      stream.breakOff(Failures.of(e, true)); // What has arrived of the answer is told, too.
      throw e;
    }
  }

  private static void answer(LineStream stream, ByteString text, ResponseBody body)
      throws IOException {
    if (body.contentLength() == 0) {
      stream.answer(text, true);
    } else if (body.contentLength() > 0 && body.contentLength() <= PIECE) {
      answerAtOnce(stream, text, body);
    } else {
      stream.answer(text, false);
      copy(new Buffer(), body, stream.writing());
    }
  }

  /** A short answer is one message. The service may still say less than it announced, or more. */
  private static void answerAtOnce(LineStream stream, ByteString text, ResponseBody body)
      throws IOException {
    Buffer arrived = new Buffer();
    boolean isWhole = false;
    try {
      while (!isWhole && arrived.size() < PIECE) {
        isWhole = body.source().read(arrived, PIECE - arrived.size()) < 0;
      }
    } catch (IOException e) {
      stream.answer(text, false);
      stream.writing().write(arrived, arrived.size());
      throw e;
    }
    if (isWhole) {
      stream.answer(text, arrived.readByteString());
    } else {
      stream.answer(text, false);
      copy(arrived, body, stream.writing());
    }
  }

  /** The other side is closed only after the whole: until then what it has is a piece. */
  private static void copy(Buffer piece, ResponseBody body, Sink to) throws IOException {
    for (long count = piece.size(); count >= 0; count = body.source().read(piece, PIECE)) {
      to.write(piece, count);
    }
    to.close();
  }

  /** What the host is told of failures, without what a service has said. */
  private static final class Failures {

    static Reset of(IOException e, boolean sent) {
      if (RelayedExchanges.isRefusedAddress(e)) {
        return new Reset(Reason.NOT_ALLOWED, false, "the member does not go to its address");
      }
      boolean isEarly =
          e instanceof UnknownHostException
              || e instanceof ConnectException
              || e instanceof NoRouteToHostException;
      return new Reset(reason(e), sent && !isEarly, e.getClass().getName() + " at the member");
    }

    private static Reason reason(IOException e) {
      if (RelayedExchanges.isRefusedCertificate(e)) {
        return Reason.CERTIFICATE_REFUSED;
      }
      if (e instanceof UnknownHostException) {
        return Reason.UNKNOWN_HOST;
      }
      if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
        return Reason.CONNECT;
      }
      if (e instanceof SSLException) {
        return Reason.TLS;
      }
      return e instanceof InterruptedIOException ? Reason.TIMEOUT : Reason.BROKEN_OFF;
    }

    static Reset of(ConnectorException e) {
      boolean isPassing =
          e instanceof AuthenticationException a
              && a.reason() == AuthenticationException.Reason.TEMPORARY;
      Reason reason =
          e instanceof InvalidInputException
              ? Reason.NOT_ALLOWED
              : isPassing ? Reason.CREDENTIAL_LATER : Reason.CREDENTIAL;
      return new Reset(reason, false, words(e));
    }

    /** What else may quote a token endpoint, the member's log alone has. */
    private static String words(ConnectorException e) {
      if (e instanceof InvalidInputException || e instanceof SecretUnreadableException) {
        return String.valueOf(e.getMessage());
      }
      log.warn("A credential could not be had for a request of the host: {}", e.getMessage());
      String why = e instanceof AuthenticationException a ? a.reason().name() : "OTHER";
      return "the gateway's member has no credential that can be used ("
          + why
          + "); its log says"
          + " more";
    }
  }
}

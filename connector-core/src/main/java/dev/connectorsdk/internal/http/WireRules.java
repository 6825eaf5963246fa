package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.UnknownServiceException;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * The last station before a request is written: looks at the connection that it is to go out on,
 * and says how large its answer may be. As a network interceptor it sees each exchange.
 */
final class WireRules implements Interceptor {

  /** The most bytes of an answer's headers after they were unpacked. */
  private static final long MOST_UNPACKED_BYTES = AnswerWatch.MOST_HEAD_BYTES;

  private final long mostBytes;

  /**
   * @param mostBytes how large the answer to a request may be
   */
  WireRules(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Returns the same client, but for how large an answer it lets through. */
  static OkHttpClient letting(OkHttpClient client, long mostBytes) {
    OkHttpClient.Builder same = client.newBuilder();
    same.networkInterceptors()
        .replaceAll(one -> one instanceof WireRules ? new WireRules(mostBytes) : one);
    return same.build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Connection connection = chain.connection();
    if (connection == null) {
      return settled(chain.proceed(request));
    }
    requireTls(connection, request);
    IdleConnections.requireAlive(connection, request);
    AnswerWatch watch = watch(connection);
    watch.expect(mostBytes);
    return settled(
        IdleConnections.isHttp2(connection)
            ? overHttp2(chain, request, watch)
            : chain.proceed(request));
  }

  /** A client of OkHttp's that has no TLS sends what is for https as plain text. */
  private static void requireTls(Connection connection, Request request)
      throws UnknownServiceException {
    if (request.isHttps() && connection.handshake() == null) {
      throw new UnknownServiceException("the HTTP client has no TLS, which the URL asks for");
    }
  }

  private static Response settled(Response response) {
    return NoSilentRepeat.of(ContentCoding.known(NoContent.of(response)));
  }

  private static AnswerWatch watch(Connection connection) {
    return connection.socket() instanceof AnswerWatch.Watched socket
        ? socket.watch()
        : AnswerWatch.NONE;
  }

  /** Others may be waiting for answers on the same socket: this one says when it has its own. */
  private static Response overHttp2(Chain chain, Request request, AnswerWatch watch)
      throws IOException {
    Response response;
    try {
      response = chain.proceed(request);
    } catch (IOException | RuntimeException e) {
      watch.ended();
      throw e;
    }
    ResponseBody body = new WatchedBody(response.body(), watch);
    if (response.headers().byteCount() > MOST_UNPACKED_BYTES) {
      body.close();
      throw AnswerTooLarge.ofHead();
    }
    return response.newBuilder().body(body).build();
  }
}

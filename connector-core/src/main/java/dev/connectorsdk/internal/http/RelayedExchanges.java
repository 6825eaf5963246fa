package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests that another process has made, each of them once: no redirects, repetitions or
 * cookies. How large an answer may be is up to the other process, which reads it. Safe for several
 * threads.
 */
public final class RelayedExchanges implements AutoCloseable {

  private static final long ANY_SIZE = Long.MAX_VALUE / 2;

  private final Transport transport;

  /** Returns exchanges by the rules of a transport, which is closed with them. */
  public RelayedExchanges(Transport transport) {
    this.transport = transport;
  }

  /**
   * Sends a request.
   *
   * @param connection whose sockets it may use
   * @param tls what offers its client certificate, or {@code null} if it has none
   * @param connect the time to establish a connection
   * @param read the time until the next bytes arrive
   * @param begun gets what can be cancelled
   */
  public Response send(
      ConnectionId connection,
      @Nullable ClientTls tls,
      Request request,
      Duration connect,
      Duration read,
      Consumer<Call> begun)
      throws IOException {
    OkHttpClient.Builder builder =
        transport
            .clients(connection, tls)
            .client(ServiceClients.Use.CALLS_TO_CHOSEN_HOSTS, request.isHttps())
            .newBuilder()
            .connectTimeout(connect)
            .readTimeout(read)
            .writeTimeout(read);
    builder.networkInterceptors().replaceAll(RelayedExchanges::ofAnySize);
    OkHttpClient client = builder.build();
    return IdleConnections.passingEnded(
        () -> {
          Call call = client.newCall(request);
          begun.accept(call);
          return transport.noContent().execute(call);
        });
  }

  private static Interceptor ofAnySize(Interceptor interceptor) {
    return interceptor instanceof WireRules ? new WireRules(ANY_SIZE) : interceptor;
  }

  /** Cancels what runs and ends all threads and connections. */
  @Override
  public void close() {
    transport.close();
  }

  /**
   * Checks that a request can have a method: a token, and neither TRACE nor CONNECT.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if it cannot
   */
  public static void requireSendable(String method) {
    Methods.requireSendable(method);
  }

  /** Returns whether a request was refused for where it would have gone. */
  public static boolean isRefusedAddress(IOException e) {
    return e instanceof AddressGuard.Refused;
  }

  /** Returns whether a service refused the client certificate. */
  public static boolean isRefusedCertificate(IOException e) {
    return TlsFailure.refusedCertificate(e) != null;
  }
}

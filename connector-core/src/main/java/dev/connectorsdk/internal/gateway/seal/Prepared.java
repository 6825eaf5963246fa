package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.internal.http.ClientTls;
import java.time.Instant;
import java.util.function.Consumer;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request that is ready to be sent.
 *
 * @param tls what offers the connection's client certificate, or {@code null} if it has none
 * @param whenRefused has a newer credential got, before a deadline, if the service refuses this one
 */
public record Prepared(Request request, @Nullable ClientTls tls, Consumer<Instant> whenRefused) {

  /** Returns a request without credentials. */
  public static Prepared plain(Request request) {
    return new Prepared(request, null, deadline -> {});
  }
}

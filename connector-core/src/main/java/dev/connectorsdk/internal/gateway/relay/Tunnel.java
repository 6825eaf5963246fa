package dev.connectorsdk.internal.gateway.relay;

import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.Reset;
import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import dev.connectorsdk.internal.gateway.line.StreamEnded;
import dev.connectorsdk.internal.http.GatewayFailure;
import dev.connectorsdk.internal.http.GatewayFailure.What;
import dev.connectorsdk.internal.http.NothingSent;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.ByteString;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends requests over a gateway's lines in place of sockets. As the last interceptor it hands
 * nothing on, so nothing of the host's resolves or reaches a name of the inside network.
 */
final class Tunnel implements Interceptor {

  private static final Reset NOBODY_WAITS = new Reset(Reason.CANCELLED, true, "nobody waits");

  private final String gateway;
  private final Lines lines;
  private final Heads heads;

  Tunnel(String gateway, Lines lines, JsonMapper mapper) {
    this.gateway = gateway;
    this.lines = lines;
    this.heads = new Heads(mapper);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Set<HostLine> tried = new HashSet<>();
    IOException turnedAway = null;
    while (true) {
      HostLine line = line(chain.call(), tried, turnedAway);
      try {
        return exchange(chain, line);
      } catch (StreamEnded e) {
        turnedAway = Ends.failure(e.reset());
        if (!isForAnother(e.reset(), chain.request().body())) {
          throw turnedAway;
        }
        tried.add(line);
      }
    }
  }

  private HostLine line(Call call, Set<HostLine> tried, @Nullable IOException turnedAway)
      throws IOException {
    try {
      return lines.await(gateway, call, tried);
    } catch (GatewayFailure e) {
      throw turnedAway == null ? e : turnedAway;
    }
  }

  /** A member that takes nothing more has begun nothing: another one may. */
  private static boolean isForAnother(Reset end, @Nullable RequestBody body) {
    boolean isTurnedAway = end.reason() == Reason.BUSY || end.reason() == Reason.DRAINING;
    return isTurnedAway && !end.sent() && NothingSent.mayBeSentAgain(body);
  }

  private Response exchange(Chain chain, HostLine line) throws IOException {
    Request request = chain.request();
    LineStream stream = open(line, heads.ofRequest(chain), request.body() == null);
    endWith(chain.call(), stream);
    try {
      send(request, stream);
      return heads.answer(request, stream);
    } catch (StreamEnded e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      stream.end(NOBODY_WAITS);
      throw e;
    }
  }

  private static LineStream open(HostLine line, ByteString head, boolean last)
      throws GatewayFailure {
    try {
      return line.open(head, last);
    } catch (IllegalArgumentException e) {
      throw new GatewayFailure(What.NOT_ALLOWED, "its URL and headers are more than 256 KiB");
    }
  }

  private static void endWith(Call call, LineStream stream) {
    call.addEventListener(
        new EventListener() {
          @Override
          public void canceled(Call cancelled) {
            stream.end(NOBODY_WAITS);
          }
        });
    if (call.isCanceled()) {
      stream.end(NOBODY_WAITS);
    }
  }

  /** A service may answer without the whole body. */
  private static void send(Request request, LineStream stream) throws IOException {
    RequestBody body = request.body();
    if (body == null) {
      return;
    }
    try {
      BufferedSink sink = Okio.buffer(stream.writing());
      body.writeTo(sink);
      sink.close();
    } catch (StreamEnded e) {
      if (e.reset().reason() != Reason.ENOUGH) {
        throw e;
      }
    }
  }
}

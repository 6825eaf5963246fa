package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.internal.connection.GatewayAccess.Through;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import okhttp3.Call;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * Requests through gateways, which go on as long as the owner of their connection may use the
 * gateway. Safe for several threads.
 */
final class Passages {

  private final BiPredicate<Caller, String> isKeptFrom;
  private final Set<Passage> underWay = ConcurrentHashMap.newKeySet();

  /** A request that is under way until its answer is closed. Each is equal to itself alone. */
  private static final class Passage {
    private final Through through;
    private final Call call;

    Passage(Through through, Call call) {
      this.through = through;
      this.call = call;
    }
  }

  /**
   * @param isKeptFrom whether there is a gateway of this id that an owner may not use
   */
  Passages(BiPredicate<Caller, String> isKeptFrom) {
    this.isKeptFrom = isKeptFrom;
  }

  /**
   * Checks that the owner of a connection may use its gateway.
   *
   * @throws AuthenticationException if not
   * @throws MembershipException if that cannot be told
   */
  void requirePermitted(Through through) {
    if (isKeptFrom.test(through.owner(), through.gateway())) {
      throw new AuthenticationException(
          through.connection(),
          Reason.GATEWAY_NOT_SHARED,
          "its owner may not use gateway '" + through.gateway() + "'");
    }
  }

  /**
   * Sends a request for a connection.
   *
   * @throws AuthenticationException if the owner of the connection may not use the gateway
   */
  Response pass(Through through, Chain chain, Request request) throws IOException {
    Passage passage = new Passage(through, chain.call());
    underWay.add(passage); // Before the check, so that whoever is let in is looked at later.
    boolean goesOn = false;
    try {
      requirePermitted(through);
      Response response = chain.proceed(request);
      ResponseBody body = response.body();
      Source watched = new Watched(body.source(), passage);
      Response answer =
          response
              .newBuilder()
              .body(
                  ResponseBody.create(
                      Okio.buffer(watched), body.contentType(), body.contentLength()))
              .build();
      goesOn = true;
      return answer;
    } finally {
      if (!goesOn) {
        underWay.remove(passage);
      }
    }
  }

  /** Ends the requests of owners who may not use the gateway any more. */
  void endUnpermitted() {
    Map<Through, Boolean> ends = new HashMap<>();
    for (Passage passage : underWay) {
      if (ends.computeIfAbsent(passage.through, this::isToEnd)) {
        passage.call.cancel();
      }
    }
  }

  /** What cannot be told now ends nothing that was permitted: it is looked at again soon. */
  private boolean isToEnd(Through through) {
    try {
      return isKeptFrom.test(through.owner(), through.gateway());
    } catch (MembershipException e) {
      return false;
    }
  }

  private final class Watched extends ForwardingSource {

    private final Passage passage;

    Watched(Source answer, Passage passage) {
      super(answer);
      this.passage = passage;
    }

    @Override
    public long read(Buffer sink, long most) throws IOException {
      long read = super.read(sink, most);
      if (read < 0) {
        underWay.remove(passage);
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      underWay.remove(passage);
      super.close();
    }
  }
}

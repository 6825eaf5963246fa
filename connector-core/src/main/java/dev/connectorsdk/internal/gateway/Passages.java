package dev.connectorsdk.internal.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.internal.connection.GatewayAccess.Through;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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

  /** For so long who was permitted goes on if the store cannot be asked. */
  private static final Duration REMEMBERED = Duration.ofSeconds(3);

  private static final int MOST_REMEMBERED = 10_000;

  private final BiPredicate<Caller, String> isKeptFrom;
  private final Executor work;
  private final Set<Passage> underWay = ConcurrentHashMap.newKeySet();
  private final Set<Through> looking = ConcurrentHashMap.newKeySet();
  private final Cache<Through, Boolean> permitted =
      Caffeine.newBuilder()
          .expireAfterWrite(REMEMBERED)
          .maximumSize(MOST_REMEMBERED)
          .executor(Runnable::run)
          .build();

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
   * @param work asks that of requests under way: one answer that takes long keeps no other waiting
   */
  Passages(BiPredicate<Caller, String> isKeptFrom, Executor work) {
    this.isKeptFrom = isKeptFrom;
    this.work = work;
  }

  /**
   * Checks that the owner of a connection may use its gateway.
   *
   * @throws AuthenticationException if not
   * @throws MembershipException if that cannot be told
   * @throws StoreException if the store cannot be asked, and could not be lately
   */
  void requirePermitted(Through through) {
    if (isKept(through)) {
      permitted.invalidate(through);
      throw new AuthenticationException(
          through.connection(),
          Reason.GATEWAY_NOT_SHARED,
          "its owner may not use gateway '" + through.gateway() + "'");
    }
    permitted.put(through, true);
  }

  private boolean isKept(Through through) {
    try {
      return isKeptFrom.test(through.owner(), through.gateway());
    } catch (StoreException e) {
      if (permitted.getIfPresent(through) == null) {
        throw e;
      }
      return false;
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

  /** Ends the requests of owners who may not use the gateway any more, soon. */
  void endUnpermitted() {
    underWay.stream().map(passage -> passage.through).distinct().forEach(this::look);
  }

  private void look(Through through) {
    if (!looking.add(through)) {
      return;
    }
    try {
      work.execute(() -> endIfUnpermitted(through));
    } catch (RejectedExecutionException e) {
      looking.remove(through); // Closing.
    }
  }

  private void endIfUnpermitted(Through through) {
    try {
      if (isKeptFrom.test(through.owner(), through.gateway())) {
        underWay.stream()
            .filter(passage -> passage.through.equals(through))
            .forEach(passage -> passage.call.cancel());
      }
    } catch (MembershipException | StoreException e) {
      // What cannot be told now ends nothing that was permitted: it is looked at again soon.
    } finally {
      looking.remove(through);
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

package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import okhttp3.Authenticator;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;

/** Opens lines. Safe for several threads. */
final class Dialling implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** How long everything may take, from the name of the host to its welcome. */
  static final Duration GREETING = Duration.ofSeconds(20);

  private final AgentSettings settings;
  private final OkHttpClient client;
  private final Set<AgentLine> unanswered = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Dialling(AgentSettings settings) {
    this.settings = settings;
    this.client = client(settings.client());
  }

  /**
   * Returns the client that lines need. OkHttp's own limits on writing are in the way of long-lived
   * lines, and what it does by itself about answers would go where nobody said.
   */
  private static OkHttpClient client(OkHttpClient base) {
    return base.newBuilder()
        .dispatcher(new Dispatcher())
        .socketFactory(new PromptSockets(base.socketFactory()))
        .protocols(List.of(Protocol.HTTP_1_1))
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .authenticator(Authenticator.NONE)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .connectTimeout(CONNECT)
        .readTimeout(CONNECT)
        .writeTimeout(Duration.ZERO)
        .pingInterval(Duration.ZERO)
        .addInterceptor(Dialling::unpacked)
        .build();
  }

  /**
   * Offers no packing (RFC 7692): it takes time with each message, and how well a message packs
   * says something of what others had in common with it.
   */
  private static Response unpacked(Interceptor.Chain chain) throws IOException {
    return chain.proceed(
        chain.request().newBuilder().removeHeader("Sec-WebSocket-Extensions").build());
  }

  /**
   * Opens a line, and waits until the host has welcomed it.
   *
   * @param errands carries out what is sent on it
   * @param held to which processes of the host there is a line already
   * @param most how long it may take
   * @throws NodeHeld if the call was answered by one of these
   * @throws LineRefused if the host does not want it
   * @throws IOException if it failed; the message says what answered
   */
  AgentLine dial(Purpose purpose, Consumer<LineStream> errands, Set<String> held, Duration most)
      throws IOException, InterruptedException {
    AgentLine line = new AgentLine(settings, purpose, errands, held);
    Request request = new Request.Builder().url(settings.address()).build();
    WebSocket socket = client.newWebSocket(request, line.socket());
    unanswered.add(line);
    if (closed) {
      end(line);
    }
    boolean endsItself = false;
    try {
      line.welcomed().get(most.toMillis(), TimeUnit.MILLISECONDS);
      endsItself = true;
      return line;
    } catch (ExecutionException e) {
      // What refuses says so to the other side before it closes.
      endsItself = e.getCause() instanceof LineRefused;
      throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no welcome within " + most.toSeconds() + " s");
    } finally {
      unanswered.remove(line);
      if (!endsItself) {
        socket.cancel();
      }
    }
  }

  private static void end(AgentLine line) {
    line.welcomed().completeExceptionally(new IOException("this side closes"));
  }

  /** Ends what is being dialled at once, and the threads of lines when these have ended. */
  @Override
  public void close() {
    closed = true;
    unanswered.forEach(Dialling::end);
    client.dispatcher().executorService().shutdown();
  }

  /** The host has several processes, and the one that answered has a line already. */
  static final class NodeHeld extends IOException {

    private static final long serialVersionUID = 1L;

    NodeHeld() {
      super("there is a line to this process of the host already");
    }
  }
}

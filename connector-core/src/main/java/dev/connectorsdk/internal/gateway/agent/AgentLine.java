package dev.connectorsdk.internal.gateway.agent;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.internal.gateway.line.Challenge;
import dev.connectorsdk.internal.gateway.line.Frame;
import dev.connectorsdk.internal.gateway.line.Hello;
import dev.connectorsdk.internal.gateway.line.Line;
import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.line.Refusal;
import dev.connectorsdk.internal.gateway.line.Reset;
import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import dev.connectorsdk.internal.gateway.line.Texts;
import dev.connectorsdk.internal.gateway.line.Welcome;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import okhttp3.Handshake;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A line that this side has dialled, from the call on. */
final class AgentLine {

  private static final Logger log = LoggerFactory.getLogger(AgentLine.class);

  private final AgentSettings settings;
  private final Purpose purpose;
  private final Consumer<LineStream> errands;
  private final Set<String> held;
  private final CompletableFuture<Void> welcomed = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile @Nullable Line line;
  private volatile String node = "";
  private volatile Set<String> nodes = Set.of();
  private volatile @Nullable Refusal refusal;
  private volatile boolean stopping;
  private volatile boolean draining;
  private volatile Runnable whenChanged = () -> {};

  AgentLine(
      AgentSettings settings, Purpose purpose, Consumer<LineStream> errands, Set<String> held) {
    this.settings = settings;
    this.purpose = purpose;
    this.errands = errands;
    this.held = held;
  }

  /** Returns what follows the socket. */
  WebSocketListener socket() {
    return new Socket();
  }

  /** Done when the host has welcomed this, or failed. */
  CompletableFuture<Void> welcomed() {
    return welcomed;
  }

  /** Has something done when the host says something new of its processes, or the line ends. */
  void whenChanged(Runnable then) {
    whenChanged = then;
    then.run();
  }

  /** Returns the process of the host that is at the other end. */
  String node() {
    return node;
  }

  /** Returns the processes that the host has. */
  Set<String> nodes() {
    return nodes;
  }

  /** Returns why the host has ended this, or {@code null} if it has not. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  boolean isOver() {
    return ended.isDone();
  }

  /** Returns whether either side is about to close this. */
  boolean isDraining() {
    return draining || stopping;
  }

  int inFlight() {
    Line now = line;
    return now == null ? 0 : now.inFlight();
  }

  /** Asks the host. */
  CompletableFuture<JsonNode> ask(String method, JsonNode arguments) {
    Line now = line;
    if (now == null) {
      return CompletableFuture.failedFuture(new IOException("the line is not open"));
    }
    JsonNode question =
        settings.mapper().createObjectNode().put("method", method).set("arguments", arguments);
    return now.ask(Texts.bytes(question, settings.mapper()))
        .thenApply(answer -> Texts.tree(answer, settings.mapper()));
  }

  /** Has the host begin nothing more here. */
  void drain() {
    stopping = true;
    Line now = line;
    if (now != null) {
      now.drain();
    }
  }

  void close() {
    Line now = line;
    if (now != null) {
      now.close("this side closes");
    }
  }

  private void challenged(Line on, Challenge challenge) {
    boolean isFirst = node.isEmpty();
    if (isFirst && held.contains(challenge.node())) {
      welcomed.completeExceptionally(new Dialling.NodeHeld());
      on.close("there is another line to this process");
      return;
    }
    int version =
        Challenge.SPOKEN.stream().filter(challenge.versions()::contains).findFirst().orElse(0);
    if (version == 0) {
      String words =
          "The member speaks versions "
              + Challenge.SPOKEN
              + " of the line's protocol, the host "
              + challenge.versions()
              + ".";
      Refusal own = new Refusal(Refusal.Reason.VERSION, words);
      on.greet(Frame.of(Frame.Type.REFUSED, own.encoded(settings.mapper())));
      refused(on, own);
      return;
    }
    node = challenge.node();
    on.greet(
        Frame.of(Frame.Type.HELLO, hello(version).signed(challenge, key(), settings.mapper())));
  }

  private ECKey key() {
    return settings.who().key();
  }

  private Hello hello(int version) {
    AgentSettings.Identity who = settings.who();
    return new Hello(
        who.gateway(),
        who.member(),
        purpose,
        version,
        who.version(),
        who.instance(),
        settings.clock().instant());
  }

  private void refused(Line on, Refusal why) {
    refusal = why;
    welcomed.completeExceptionally(new LineRefused(why));
    on.close("refused: " + why.reason());
  }

  private final class Events implements Line.Listener {

    @Override
    public void opened(LineStream stream) {
      if (stopping) {
        stream.end(new Reset(Reason.DRAINING, false, "the gateway's member is about to stop"));
        return;
      }
      settings.line().work().execute(() -> errands.accept(stream));
    }

    @Override
    public void greeted(Frame frame) {
      Line on = Objects.requireNonNull(line);
      switch (frame.type()) {
        case CHALLENGE -> {
          Challenge challenge = Challenge.decoded(frame.payload(), settings.mapper());
          settings.line().work().execute(() -> challenged(on, challenge));
        }
        case WELCOME -> {
          nodes = Welcome.decoded(frame.payload(), settings.mapper()).nodes();
          welcomed.complete(null);
          whenChanged.run();
        }
        case REFUSED -> refused(on, Refusal.decoded(frame.payload(), settings.mapper()));
        default -> on.lost("the host says hello");
      }
    }

    @Override
    public void asked(int question, ByteString text) {
      JsonNode none =
          settings.mapper().createObjectNode().put("refused", "A member answers nothing.");
      Line on = Objects.requireNonNull(line);
      on.reply(question, Texts.bytes(none, settings.mapper()));
    }

    @Override
    public void draining() {
      draining = true;
      whenChanged.run();
    }

    @Override
    public void ended(String why) {
      welcomed.completeExceptionally(new IOException(why));
      ended.complete(why);
      whenChanged.run();
    }
  }

  private final class Socket extends WebSocketListener {

    @Override
    public void onOpen(WebSocket socket, Response response) {
      try {
        requireValid(response.handshake());
      } catch (IOException e) {
        welcomed.completeExceptionally(e);
        socket.cancel();
        return;
      }
      Line opened = new Line(new OkHttpWire(socket), new Events(), settings.line(), false);
      line = opened;
      opened.allowQuestions();
      opened.start();
    }

    private void requireValid(@Nullable Handshake handshake) throws IOException {
      if (handshake != null) {
        Trust.requireValid(handshake.peerCertificates(), settings.clock());
      }
    }

    @Override
    public void onMessage(WebSocket socket, ByteString message) {
      Line now = line;
      if (now == null) {
        return;
      }
      try {
        now.receive(message);
      } catch (RuntimeException e) {
        log.warn("A line ends, for what arrived on it could not be taken", e);
        now.lost("the member failed");
      }
    }

    @Override
    public void onMessage(WebSocket socket, String message) {
      lost("a text, which no line has");
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      lost("the host has closed it with " + code);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
      String what =
          response == null
              ? String.valueOf(failure)
              : "the upgrade was answered with " + response.code() + server(response);
      lost(what);
      welcomed.completeExceptionally(new IOException(what));
    }

    /** A proxy in between gives itself away there. */
    private static String server(Response response) {
      String server = response.header("Server");
      return server == null ? "" : " by " + server;
    }

    private void lost(String why) {
      Line now = line;
      if (now != null) {
        now.lost(why);
      }
    }
  }
}

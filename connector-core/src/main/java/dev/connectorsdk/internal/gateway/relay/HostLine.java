package dev.connectorsdk.internal.gateway.relay;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.gateway.line.Challenge;
import dev.connectorsdk.internal.gateway.line.Frame;
import dev.connectorsdk.internal.gateway.line.Hello;
import dev.connectorsdk.internal.gateway.line.Line;
import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.line.Refusal;
import dev.connectorsdk.internal.gateway.line.Texts;
import dev.connectorsdk.internal.gateway.line.Welcome;
import dev.connectorsdk.internal.gateway.line.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line that somebody has dialled, from the first challenge on. Whatever may wait is done by the
 * threads for work, one thing after another.
 */
public final class HostLine {

  private static final Logger log = LoggerFactory.getLogger(HostLine.class);

  private static final Duration MOST_SKEW = Duration.ofDays(36_500);

  private static final String GONE = "There is no such member of this gateway any more.";
  private static final String UNCONFIRMED =
      "A member of this gateway has to confirm this one first.";

  private final Relay relay;
  private final RelaySettings settings;
  private final LineDirectory directory;
  private final String id;
  private final String address;
  private final Line line;
  private final InOrder said;
  private final AtomicReference<@Nullable Challenge> challenge = new AtomicReference<>();
  private volatile @Nullable Established established;
  private final AtomicBoolean answering = new AtomicBoolean();
  private volatile boolean draining;

  /** Who is at the other end. */
  private record Established(
      Peer peer, Purpose purpose, String agent, String instance, Instant since, Duration skew) {}

  HostLine(Relay relay, RelaySettings settings, Wire wire, String id, String address) {
    this.relay = relay;
    this.settings = settings;
    this.directory = relay.directory();
    this.id = id;
    this.address = address;
    this.said = new InOrder(settings.line().work());
    this.line = new Line(wire, new Events(), settings.line(), true);
  }

  void start() {
    line.start();
    challenge();
  }

  /** Asks the peer to prove its key, and ends the line if nobody answers. */
  private void challenge() {
    Challenge next = Challenge.by(directory.node(), settings.random());
    challenge.set(next);
    line.greet(Frame.of(Frame.Type.CHALLENGE, next.encoded(settings.mapper())));
    settings.line().later(settings.greeting(), () -> requireAnswered(next));
  }

  /** Asks again whoever has answered before. */
  void challengeAgain() {
    if (established != null && challenge.get() == null && !line.isOver()) {
      challenge();
    }
  }

  private void requireAnswered(Challenge asked) {
    if (asked.equals(challenge.get())) {
      line.lost("no answer to a challenge");
    }
  }

  /** Takes a message that has arrived. Never waits. */
  public void receive(ByteString message) {
    line.receive(message);
  }

  /** The socket is gone. */
  public void lost(String why) {
    line.lost(why);
  }

  private void greeted(ByteString answer) {
    Challenge asked = challenge.getAndSet(null);
    if (asked == null) {
      line.lost("an answer that nobody has asked for");
      return;
    }
    Hello.Proven proven = Hello.checked(answer, asked, this::key, settings.mapper());
    if (proven == null) {
      refuse(Refusal.Reason.SIGNATURE, "The member is unknown, or its key is another one.");
    } else if (established != null) {
      requireSame(proven);
    } else if (!Challenge.SPOKEN.contains(proven.hello().version())) {
      refuse(
          Refusal.Reason.VERSION,
          "The host speaks versions " + Challenge.SPOKEN + " of the line's protocol.");
    } else {
      establish(proven);
    }
  }

  private @Nullable ECKey key(String gateway, String member) {
    return directory.member(gateway, member).map(LineMember::identity).orElse(null);
  }

  private void requireSame(Hello.Proven proven) {
    Established now = Objects.requireNonNull(established);
    if (!now.peer().proven().equals(proven.key()) || !isOf(proven.hello().instance())) {
      line.lost("another key or process answered a challenge");
    }
  }

  private void establish(Hello.Proven proven) {
    Hello hello = proven.hello();
    LineMember member =
        hello.purpose() == Purpose.REGISTER
            ? null
            : directory.member(hello.gateway(), hello.member()).orElse(null);
    if (member == null && hello.purpose() != Purpose.REGISTER) {
      refuse(Refusal.Reason.UNKNOWN, GONE);
      return;
    }
    Instant now = settings.clock().instant();
    Established facts =
        new Established(
            new Peer(proven.key(), member),
            hello.purpose(),
            hello.agent(),
            hello.instance(),
            now,
            skew(now, hello.clock()));
    if (member == null || hello.purpose() != Purpose.TRAFFIC) {
      established = facts;
      welcome();
    } else if (!member.confirmed()) {
      refuse(Refusal.Reason.UNCONFIRMED, UNCONFIRMED);
    } else {
      carry(member, facts);
    }
  }

  /** Returns by how much a clock is ahead, as far as that can be written down. */
  private static Duration skew(Instant here, Instant there) {
    Duration skew = Duration.between(here, there);
    return skew.abs().compareTo(MOST_SKEW) <= 0
        ? skew
        : skew.isNegative() ? MOST_SKEW.negated() : MOST_SKEW;
  }

  private void carry(LineMember member, Established facts) {
    HostLine other = relay.lines().of(member);
    if (other != null && !other.isOf(facts.instance()) && !other.isGoneWithin(settings.ping())) {
      directory.copied(member, address);
      refuseCopy(member, other.address);
      return;
    }
    if (other != null) {
      other.line.lost("another line of the same member took its place");
    }
    Optional<String> holder = directory.holder(member, facts(facts));
    if (holder.isPresent()) {
      refuseCopy(member, holder.get());
      return;
    }
    established = facts;
    if (!relay.lines().add(member, this)) {
      line.lost("another line of the same member was quicker");
      return;
    }
    try {
      directory.opened(member, facts(facts));
      welcome();
    } finally {
      closeIfOver(member, facts);
    }
  }

  /** Whoever was told of the end before it was told of the line is told once more. */
  private void closeIfOver(LineMember member, Established facts) {
    if (line.isOver()) {
      relay.lines().remove(member, this);
      directory.closed(member, facts(facts), "it has ended before it was open");
    }
  }

  private void refuseCopy(LineMember member, String holder) {
    log.warn(
        "The key of member {} of gateway {} is in use at {} and at {}",
        member.id(),
        member.gateway(),
        holder,
        address);
    refuse(
        Refusal.Reason.KEY_IN_USE,
        "Its key is in use: at " + holder + ", and here from " + address + ".");
  }

  private boolean isOf(String instance) {
    Established now = established;
    return now != null && now.instance().equals(instance);
  }

  private boolean isGoneWithin(Duration time) {
    try {
      line.ping().get(time.toMillis(), TimeUnit.MILLISECONDS);
      return line.isOver();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return true;
    }
  }

  /** Tells the peer which processes there are, now or again. */
  void welcome() {
    if (established == null) {
      return;
    }
    line.allowQuestions();
    Welcome welcome = new Welcome(directory.nodes());
    line.greet(Frame.of(Frame.Type.WELCOME, welcome.encoded(settings.mapper())));
  }

  void refuse(Refusal.Reason reason, String words) {
    line.greet(Frame.of(Frame.Type.REFUSED, new Refusal(reason, words).encoded(settings.mapper())));
    line.close("refused: " + reason);
  }

  /** Tells the peer not to count on this line. */
  void drain() {
    line.drain();
  }

  void close() {
    line.close("the host closes");
  }

  /** Looks what has become of the member, and says that the line lives. */
  void watch() {
    Established now = established;
    LineMember before = now == null ? null : now.peer().member();
    if (now == null || before == null || line.isOver()) {
      return;
    }
    LineMember member = directory.member(before.gateway(), before.id()).orElse(null);
    if (member == null || !member.identity().equals(before.identity())) {
      refuse(Refusal.Reason.UNKNOWN, GONE);
    } else if (now.purpose() == Purpose.TRAFFIC) {
      goOn(member);
    }
  }

  private void goOn(LineMember member) {
    if (!member.confirmed()) {
      refuse(Refusal.Reason.UNCONFIRMED, UNCONFIRMED);
      return;
    }
    relay.lines().renew(member, this);
    switch (directory.seen(member, facts())) {
      case GOES_ON -> {}
      case CLAIMED -> answerFor(member);
      case REPLACED -> line.lost("another process of the same member took its place");
    }
  }

  /** The watch goes on meanwhile. */
  private void answerFor(LineMember member) {
    if (answering.compareAndSet(false, true)) {
      settings
          .line()
          .work()
          .execute(
              () -> {
                try {
                  if (isGoneWithin(settings.ping())) {
                    line.lost("no sign of life, and another process shows the same key");
                  } else {
                    directory.alive(member, facts());
                  }
                } catch (RuntimeException e) {
                  log.warn("It is not known who uses a key: {}", e.getClass().getName());
                } finally {
                  answering.set(false);
                }
              });
    }
  }

  boolean mayBegin() {
    return established != null && !draining && !line.isOver();
  }

  int inFlight() {
    return line.inFlight();
  }

  LineStream open(ByteString head, boolean last) {
    return line.open(head, last);
  }

  private LineFacts facts() {
    return facts(Objects.requireNonNull(established));
  }

  private LineFacts facts(Established now) {
    long silence = settings.line().nanos().getAsLong() - line.heard();
    return new LineFacts(
        id,
        address,
        now.agent(),
        now.instance(),
        now.since(),
        settings.clock().instant().minusNanos(silence),
        now.skew(),
        line.inFlight(),
        line.queued());
  }

  private void asked(int question, ByteString text) {
    Established now = Objects.requireNonNull(established);
    ObjectNode reply = settings.mapper().createObjectNode();
    try {
      JsonNode json = Texts.tree(text, settings.mapper());
      reply.set(
          "result",
          directory.control(now.peer(), json.path("method").asString(""), json.path("arguments")));
    } catch (ConnectorException | IllegalArgumentException e) {
      reply.put("refused", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.warn("A question of a gateway's member failed", e);
      reply.put("failed", "The host could not answer.");
    }
    line.reply(question, Texts.bytes(reply, settings.mapper()));
  }

  private final class Events implements Line.Listener {

    @Override
    public void opened(LineStream stream) {
      throw new IllegalStateException("Only the host opens streams");
    }

    @Override
    public void greeted(Frame frame) {
      if (frame.type() == Frame.Type.HELLO) {
        said(() -> HostLine.this.greeted(frame.payload()));
      } else if (frame.type() == Frame.Type.REFUSED) {
        String why = Refusal.decoded(frame.payload(), settings.mapper()).words();
        line.lost("the member ends it: " + why);
      }
    }

    @Override
    public void asked(int question, ByteString text) {
      said(() -> HostLine.this.asked(question, text));
    }

    @Override
    public void draining() {
      draining = true;
      relay.lines().leaving(HostLine.this);
    }

    @Override
    public void ended(String why) {
      Established now = established;
      LineMember member = now == null ? null : now.peer().member();
      relay.forget(HostLine.this);
      if (member != null && relay.lines().remove(member, HostLine.this)) {
        work(() -> directory.closed(member, facts(), why));
      }
    }

    private void said(Runnable task) {
      if (!said.add(safely(task))) {
        line.lost("the peer says more than is taken in");
      }
    }

    private void work(Runnable task) {
      settings.line().work().execute(safely(task));
    }

    private Runnable safely(Runnable task) {
      return () -> {
        try {
          task.run();
        } catch (ConnectorException e) {
          log.warn("A line from {} ends: {}", address, e.getMessage());
          line.lost("the host failed");
        } catch (RuntimeException e) {
          log.warn("A line from {} ends, for its host failed", address, e);
          line.lost("the host failed");
        }
      };
    }
  }
}

package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.internal.gateway.agent.GatewayWorld.Member;
import dev.connectorsdk.internal.gateway.line.Challenge;
import dev.connectorsdk.internal.gateway.line.Frame;
import dev.connectorsdk.internal.gateway.line.FrameWire;
import dev.connectorsdk.internal.gateway.line.Hello;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.line.Refusal;
import dev.connectorsdk.internal.gateway.line.Reset;
import dev.connectorsdk.internal.gateway.relay.HostLine;
import dev.connectorsdk.internal.gateway.relay.LineDirectory.Standing;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import dev.connectorsdk.internal.gateway.seal.Prepared;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a line, keeps it, and is asked. */
@Timeout(120)
class MembersTest {

  private final List<String> opens = new CopyOnWriteArrayList<>();

  @AutoClose private final InsideService service = new InsideService();
  @AutoClose private final GatewayWorld world = new GatewayWorld();

  MembersTest() throws Exception {}

  private String hello() {
    return world.http(service.url(), Effect.READ).get("/hello").send().text();
  }

  private Member dialling(String id, ECKey key) {
    return world
        .new Member(
            id, key, GatewayWorld.NO_CREDENTIALS, List.of(service.url()), world.cable.port())
        .start();
  }

  private static Refusal.Reason refusal(Member member) throws InterruptedException {
    LineRefused refused = member.refused.poll(30, TimeUnit.SECONDS);
    assertThat(refused).isNotNull();
    return refused.refusal().reason();
  }

  @Test
  void aStrangerIsRefusedForGood() throws Exception {
    assertThat(refusal(dialling("stranger", GatewayWorld.key())))
        .isEqualTo(Refusal.Reason.SIGNATURE);
  }

  @Test
  void anotherKeyUnderAMembersNameIsRefusedForGood() throws Exception {
    world.directory.add("a", GatewayWorld.key());

    assertThat(refusal(dialling("a", GatewayWorld.key()))).isEqualTo(Refusal.Reason.SIGNATURE);
    assertThat(world.directory.held).isEmpty();
  }

  @Test
  void aCopiedKeyIsRefusedAndTheFirstOneGoesOn() throws Exception {
    Member first = world.member("a", service.url());

    Member copy = dialling("a", first.key);

    LineRefused refused = copy.refused.poll(30, TimeUnit.SECONDS);
    assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.KEY_IN_USE);
    assertThat(refused).hasMessageContaining("in use: at test, and here from test");
    assertThat(world.directory.opened).isEmpty();
    assertThat(world.directory.copied).containsExactly("test");
    assertThat(hello()).isEqualTo("hello");
  }

  @Test
  void aKeyThatIsInUseAtAnotherProcessOfTheHostIsRefusedForGood() throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add("a", key);
    world.directory.holder = "10.0.0.8";

    LineRefused refused = dialling("a", key).refused.poll(30, TimeUnit.SECONDS);

    assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.KEY_IN_USE);
    assertThat(refused).hasMessageContaining("in use: at 10.0.0.8, and here from test");
    assertThat(world.directory.opened).isEmpty();
  }

  @Test
  void aLineWhoseKeyIsClaimedElsewhereGoesOnIfItsMemberGivesASignOfLife() throws Exception {
    world.member("a", service.url());

    world.directory.standing = Standing.CLAIMED;

    assertThat(world.directory.alive.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
    assertThat(world.directory.closed).isEmpty();
    assertThat(hello()).isEqualTo("hello");
  }

  @Test
  void aLineWhoseKeyIsClaimedElsewhereEndsIfItsMemberGivesNoSignOfLife() throws Exception {
    world.member("a", service.url());

    world.cable.swallow();
    world.directory.standing = Standing.CLAIMED;

    assertThat(world.directory.closed.poll(30, TimeUnit.SECONDS)).startsWith("no sign of life");
    assertThat(world.directory.alive).isEmpty();
  }

  @Test
  void aLineWhoseKeyAnotherProcessHasByNowEnds() throws Exception {
    world.member("a", service.url());

    world.directory.standing = Standing.REPLACED;

    assertThat(world.directory.closed.poll(30, TimeUnit.SECONDS)).startsWith("another process");
  }

  @Test
  void aNewLineReplacesOneThatDoesNotAnswer() throws Exception {
    Member first = world.member("a", service.url());
    world.cable.swallow();

    Member again =
        world
        .new Member(
            "a",
            first.key,
            GatewayWorld.NO_CREDENTIALS,
            List.of(service.url()),
            world.server.getPort());
    again.start();

    world.directory.awaitOpened("a");
    assertThat(hello()).isEqualTo("hello");
  }

  @Test
  void aMemberThatWasRemovedIsCutOffForGood() throws Exception {
    Member member = world.member("a", service.url());

    world.directory.members.remove("a");

    assertThat(refusal(member)).isEqualTo(Refusal.Reason.UNKNOWN);
    assertThatExceptionOfType(TransportException.class).isThrownBy(this::hello);
  }

  @Test
  void aMemberThatNobodyHasConfirmedCarriesNothingUntilItIs() throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add(
        new LineMember(GatewayWorld.GATEWAY, "b", key.toPublicJWK(), 0, false, false));
    try (Dialling dialling = new Dialling(world.settings("b", key, world.cable.port()))) {
      assertThatExceptionOfType(LineRefused.class)
          .isThrownBy(
              () -> dialling.dial(Purpose.TRAFFIC, stream -> {}, Set.of(), Dialling.GREETING))
          .matches(e -> e.refusal().reason() == Refusal.Reason.UNCONFIRMED);
    }
    dialling("b", key);
    world.directory.add("b", key);

    world.directory.awaitOpened("b");
    assertThat(hello()).isEqualTo("hello");
  }

  @Test
  void theFirstMemberIsAskedAndAnotherInItsPlace() throws Exception {
    Member first =
        world.member(
            "a",
            (request, auth, deadline) ->
                Prepared.plain(request.newBuilder().header("Authorization", "a").build()),
            service.url());
    world.member(
        "b",
        (request, auth, deadline) ->
            Prepared.plain(request.newBuilder().header("Authorization", "b").build()),
        service.url());
    assertThat(asked()).isEqualTo("a");

    first.agent.drain(Duration.ofSeconds(5));

    assertThat(asked()).isEqualTo("b");
  }

  /** A member that holds a line, and answers each request in one way. */
  private void turningAway(String id, Reset.Reason reason) throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add(id, key);
    FrameWire wire = new FrameWire();
    HostLine line = world.relay.accept(wire, "test");
    line.receive(hello(line, wire, id, Purpose.TRAFFIC, key));
    world.directory.awaitOpened(id);
    LocalServer.daemon(
        () -> {
          for (Frame next = wire.sent.take(); ; next = wire.sent.take()) {
            if (next.type() == Frame.Type.OPEN) {
              opens.add(id);
              line.receive(reset(next.stream(), reason));
            } else if (next.type() == Frame.Type.PING) {
              line.receive(FrameWire.message(Frame.Type.PONG, next.payload()));
            }
          }
        });
  }

  private static ByteString reset(int stream, Reset.Reason reason) {
    ByteString why =
        new Buffer()
            .writeByte(reason == Reset.Reason.BUSY ? 8 : 9)
            .writeByte(0)
            .writeUtf8("no")
            .readByteString();
    return FrameWire.message(new Frame(Frame.Type.RESET, 0, stream, why));
  }

  @ParameterizedTest
  @EnumSource(
      value = Reset.Reason.class,
      names = {"BUSY", "DRAINING"})
  void aRequestThatTheFirstMemberDoesNotTakeGoesToTheNext(Reset.Reason reason) throws Exception {
    turningAway("a", reason);
    world.member("b", service.url());

    String echo = world.http(service.url(), Effect.WRITE).post("/echo").json(7).send().text();

    assertThat(echo).isEqualTo("7");
    assertThat(opens).containsExactly("a");
  }

  @Test
  void aRequestThatNoMemberTakesWasNotSent() throws Exception {
    turningAway("a", Reset.Reason.BUSY);
    turningAway("b", Reset.Reason.DRAINING);

    ConnectorHttp http = world.http(service.url(), Effect.WRITE, Duration.ofSeconds(2));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> http.post("/echo").json(7).send())
        .matches(e -> !e.isOutcomeUnknown());
    assertThat(opens).startsWith("a", "b");
    assertThat(service.asked).isEmpty();
  }

  private String asked() {
    return world.http(service.url(), Effect.READ).get("/authorized").send().text();
  }

  @Test
  void aMemberComesBackAfterItsLineWasCut() throws Exception {
    world.member("a", service.url());

    world.cable.cut();

    world.directory.awaitOpened("a");
    assertThat(hello()).isEqualTo("hello");
  }

  @Test
  void linesGoOnWhenTheirMembersAreAskedForProofAgain() throws Exception {
    world.member("a", service.url());

    for (int looks = 0; looks < 3 * GatewayWorld.LOOKS_BETWEEN_CHALLENGES; looks++) {
      world.directory.seen.take();
    }

    assertThat(world.directory.closed).isEmpty();
    assertThat(hello()).isEqualTo("hello");
  }

  @Test
  void aLineEndsWhosePeerProvesAnotherKeyWhenItIsAskedAgain() throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add("a", key);
    FrameWire wire = new FrameWire();
    HostLine line = world.relay.accept(wire, "test");
    line.receive(hello(line, wire, "a", Purpose.TRAFFIC, key));
    world.directory.awaitOpened("a");

    line.receive(hello(line, wire, "", Purpose.REGISTER, GatewayWorld.key()));

    assertThat(world.directory.closed.poll(30, TimeUnit.SECONDS)).startsWith("another key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z"})
  void aClockThatIsOffByMoreThanCanBeWrittenDownIsShownAsThat(String clock) throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add("a", key);
    FrameWire wire = new FrameWire();
    HostLine line = world.relay.accept(wire, "test");
    Challenge challenge =
        Challenge.decoded(awaitSent(line, wire, Frame.Type.CHALLENGE), world.mapper);
    Hello hello =
        new Hello(
            GatewayWorld.GATEWAY,
            "a",
            Purpose.TRAFFIC,
            Challenge.SPOKEN.get(0),
            "1.0",
            "process",
            Instant.parse(clock));

    line.receive(FrameWire.message(Frame.Type.HELLO, hello.signed(challenge, key, world.mapper)));
    world.directory.awaitOpened("a");

    assertThat(world.directory.held.get("a").skew().abs()).isEqualTo(Duration.ofDays(36_500));
  }

  @Test
  void whatGoesOverALineIsNotPacked() throws Exception {
    world.member("a", service.url());

    assertThat(world.server.takeRequest().getHeaders().get("Sec-WebSocket-Extensions")).isNull();
  }

  // Versions of the protocol

  @Test
  void aMemberOfNoVersionThatTheHostSpeaksIsRefusedForGood() throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add("a", key);
    FrameWire wire = new FrameWire();
    HostLine line = world.relay.accept(wire, "test");
    int later = Challenge.SPOKEN.get(0) + 1;

    line.receive(hello(line, wire, "a", Purpose.TRAFFIC, key, later));

    Refusal refusal = Refusal.decoded(awaitSent(line, wire, Frame.Type.REFUSED), world.mapper);
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.VERSION);
    assertThat(refusal.reason().isFinal()).isTrue();
    assertThat(refusal.words()).contains("The host speaks versions " + Challenge.SPOKEN);
    assertThat(world.directory.held).isEmpty();
  }

  @Test
  void aMemberRefusesAHostOfNoVersionThatItSpeaksAndSaysSo() throws Exception {
    int later = Challenge.SPOKEN.get(0) + 1;
    try (OtherHost host = new OtherHost(List.of(later, later + 1))) {
      LineRefused refused = dialling(host.port()).refused.poll(30, TimeUnit.SECONDS);

      assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.VERSION);
      assertThat(refused)
          .hasMessageContaining("The member speaks versions " + Challenge.SPOKEN)
          .hasMessageContaining("the host [" + later);
      Frame said = host.said.poll(30, TimeUnit.SECONDS);
      assertThat(said.type()).isEqualTo(Frame.Type.REFUSED);
      assertThat(Refusal.decoded(said.payload(), world.mapper)).isEqualTo(refused.refusal());
    }
  }

  @Test
  void aMemberSpeaksTheVersionThatBothSidesKnow() throws Exception {
    int known = Challenge.SPOKEN.get(0);
    try (OtherHost host = new OtherHost(List.of(known + 1, known))) {
      Member member = dialling(host.port());

      Frame said = host.said.poll(30, TimeUnit.SECONDS);

      Hello.Proven proven =
          Hello.checked(
              said.payload(),
              host.challenge,
              (gateway, id) -> member.key.toPublicJWK(),
              world.mapper);
      assertThat(proven.hello().version()).isEqualTo(known);
    }
  }

  private Member dialling(int port) {
    return world.new Member("a", GatewayWorld.key(), GatewayWorld.NO_CREDENTIALS, List.of(), port)
        .start();
  }

  /** A host of other versions, which asks who it is and does nothing else. */
  private final class OtherHost implements AutoCloseable {

    final BlockingQueue<Frame> said = new LinkedBlockingQueue<>();
    final Challenge challenge;
    private final MockWebServer server = new MockWebServer();

    OtherHost(List<Integer> versions) throws IOException {
      challenge = new Challenge("never-used-twice", "other", versions);
      server.enqueue(
          new MockResponse.Builder()
              .webSocketUpgrade(
                  new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                      socket.send(
                          FrameWire.message(Frame.Type.CHALLENGE, challenge.encoded(world.mapper)));
                    }

                    @Override
                    public void onMessage(WebSocket socket, ByteString message) {
                      said.addAll(FrameWire.frames(message));
                    }

                    @Override
                    public void onClosing(WebSocket socket, int code, String reason) {
                      socket.close(code, null);
                    }
                  })
              .build());
      server.start();
    }

    int port() {
      return server.getPort();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /** Answers signs of life until the next challenge, and returns the answer to that. */
  private ByteString hello(HostLine line, FrameWire wire, String member, Purpose purpose, ECKey key)
      throws InterruptedException {
    return hello(line, wire, member, purpose, key, Challenge.SPOKEN.get(0));
  }

  private ByteString hello(
      HostLine line, FrameWire wire, String member, Purpose purpose, ECKey key, int version)
      throws InterruptedException {
    Challenge challenge =
        Challenge.decoded(awaitSent(line, wire, Frame.Type.CHALLENGE), world.mapper);
    Hello hello =
        new Hello(GatewayWorld.GATEWAY, member, purpose, version, "1.0", "process", Instant.now());
    return FrameWire.message(Frame.Type.HELLO, hello.signed(challenge, key, world.mapper));
  }

  /** Answers signs of life until a message of a type, and returns what is in that. */
  private static ByteString awaitSent(HostLine line, FrameWire wire, Frame.Type type)
      throws InterruptedException {
    Frame next = wire.sent.take();
    for (; next.type() != type; next = wire.sent.take()) {
      if (next.type() == Frame.Type.PING) {
        line.receive(FrameWire.message(Frame.Type.PONG, next.payload()));
      }
    }
    return next.payload();
  }

  @Test
  void whoeverIsClosedWhileItDialsEndsAtOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      Member member =
          world
          .new Member(
              "a",
              GatewayWorld.key(),
              GatewayWorld.NO_CREDENTIALS,
              List.of(),
              silent.getLocalPort());
      Future<?> run =
          world.work.submit(
              () -> {
                member.agent.run();
                return null;
              });
      try (Socket dialled = silent.accept()) {
        assertThat(dialled.getInputStream().read()).isEqualTo('G');

        member.agent.close();

        // Far less than a dial may take.
        assertThat(run.get(5, TimeUnit.SECONDS)).isNull();
      }
    }
  }
}

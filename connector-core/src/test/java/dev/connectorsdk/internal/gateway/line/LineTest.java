package dev.connectorsdk.internal.gateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.Okio;
import okio.Sink;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of a line, over pipes in memory. */
@Timeout(60)
class LineTest {

  private static final ByteString HEAD = ByteString.encodeUtf8("{}");
  private static final Reset CANCELLED = new Reset(Reason.CANCELLED, true, "nobody waits");

  @AutoClose private final LinePair pair = new LinePair();

  private static ByteString bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return ByteString.of(bytes);
  }

  private static void write(LineStream stream, ByteString body) throws IOException {
    try (BufferedSink sink = Okio.buffer(stream.writing())) {
      sink.write(body);
    }
  }

  private static ByteString read(LineStream stream) throws IOException {
    return Okio.buffer(stream.body()).readByteString();
  }

  private LineSettings settings() {
    return new LineSettings(LinePair.INTERVAL, 100, pair.nanos::get, pair.work, pair.timer);
  }

  /** Answers one stream with its own body. */
  private Future<?> echo() {
    return pair.work.submit(
        () -> {
          LineStream stream = pair.atMember.opened.take();
          stream.answer(stream.head(), false);
          try (Sink sink = stream.writing()) {
            Okio.buffer(stream.body()).readAll(sink);
          }
          return null;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 262_145, 1_048_576})
  void bodiesArriveAsTheyAreBothWays(int size) throws Exception {
    Future<?> echo = echo();
    LineStream stream = pair.host.open(HEAD, false);

    Future<?> writing =
        pair.work.submit(
            () -> {
              write(stream, bytes(size));
              return null;
            });

    assertThat(stream.head()).isEqualTo(HEAD);
    assertThat(read(stream)).isEqualTo(bytes(size));
    writing.get();
    echo.get();
    assertThat(pair.host.inFlight()).isZero();
    assertThat(pair.member.inFlight()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16_383, 16_384, 16_385, 262_144})
  void headsOfAnySizeArriveWhole(int size) throws Exception {
    LineStream stream = pair.host.open(bytes(size), true);

    LineStream taken = pair.atMember.opened.take();
    assertThat(taken.head()).isEqualTo(bytes(size));
    taken.answer(bytes(size), true);

    assertThat(stream.head()).isEqualTo(bytes(size));
    assertThat(read(stream)).isEqualTo(ByteString.EMPTY);
    assertThat(pair.host.inFlight()).isZero();
  }

  @Test
  @Tag("D3")
  @DisplayName("D3: what a peer says to people comes without control characters")
  void whatAPeerSaysHasNoControlCharacters() throws ProtocolFault {
    Reset said = new Reset(Reset.Reason.CONNECT, false, "a\r\n\u001b[31mb");

    assertThat(Reset.decoded(said.encoded()).words()).isEqualTo("a???[31mb");
  }

  @Test
  void aHeadThatIsTooLongIsRefusedBeforeItIsSent() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pair.host.open(bytes(Parts.MAX_BYTES + 1), true))
        .withMessageContaining("262145");
    assertThat(pair.toMember.sent).isEmpty();
  }

  @Test
  void streamsThatAreOpenedAtOnceAllArrive() throws Exception {
    int each = 2_000;
    AtomicInteger arrived = new AtomicInteger();
    Future<?> answering =
        pair.work.submit(
            () -> {
              for (; arrived.get() < 4 * each; arrived.incrementAndGet()) {
                pair.atMember.opened.take().answer(HEAD, true);
              }
              return null;
            });

    List<Future<?>> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          pair.work.submit(
              () -> {
                for (int call = 0; call < each; call++) {
                  pair.host.open(HEAD, true).head();
                }
                return null;
              }));
    }

    for (Future<?> caller : callers) {
      caller.get(20, TimeUnit.SECONDS);
    }
    answering.get();
  }

  @Test
  void whoDoesNotReadHoldsUpTheSenderAndNobodyElse() throws Exception {
    LineStream slow = pair.host.open(HEAD, false);
    Future<?> writing =
        pair.work.submit(
            () -> {
              write(slow, bytes(3 * SendWindow.SIZE));
              return null;
            });
    LineStream unread = pair.atMember.opened.take();

    Future<?> echo = echo();
    LineStream other = pair.host.open(HEAD, false);
    write(other, bytes(1_000));

    assertThat(read(other)).isEqualTo(bytes(1_000));
    echo.get();
    assertThat(writing).isNotDone();
    assertThat(dataOf(slow)).isLessThanOrEqualTo(SendWindow.SIZE);

    assertThat(read(unread)).isEqualTo(bytes(3 * SendWindow.SIZE));
    writing.get();
  }

  private long dataOf(LineStream stream) {
    return pair.toMember.sent.stream()
        .filter(frame -> frame.type() == Frame.Type.DATA && frame.stream() == stream.id())
        .mapToLong(frame -> frame.payload().size())
        .sum();
  }

  @Test
  void streamsTakeTurns() throws Exception {
    Outbox outbox = new Outbox();
    Outbox.Lane large = new Outbox.Lane();
    Outbox.Lane small = new Outbox.Lane();
    Frame piece = new Frame(Frame.Type.DATA, 0, 1, bytes(10_000));
    outbox.add(large, List.of(piece, piece, piece));
    outbox.add(small, List.of(new Frame(Frame.Type.DATA, 0, 2, bytes(100))));
    outbox.addUrgent(Frame.of(Frame.Type.PONG));

    assertThat(streams(outbox.poll())).containsExactly(0, 1, 2);
    assertThat(streams(outbox.poll())).containsExactly(1);
    assertThat(streams(outbox.poll())).containsExactly(1);
    assertThat(outbox.poll()).isNull();
  }

  private static List<Integer> streams(ByteString message) throws ProtocolFault {
    return Frame.allOf(message).stream().map(Frame::stream).toList();
  }

  @Test
  void whatWaitsSharesAMessageUpToTheMostThatOneHolds() throws Exception {
    Outbox outbox = new Outbox();
    Outbox.Lane lane = new Outbox.Lane();
    Frame half = new Frame(Frame.Type.DATA, 0, 1, bytes(Frame.MAX_MESSAGE / 2 - 8));
    Frame more = new Frame(Frame.Type.DATA, Frame.END, 1, bytes(1));
    outbox.add(lane, List.of(half, half, more));

    ByteString first = outbox.poll();
    assertThat(first.size()).isEqualTo(Frame.MAX_MESSAGE);
    assertThat(Frame.allOf(first)).containsExactly(half, half);
    assertThat(Frame.allOf(outbox.poll())).containsExactly(more);
  }

  @Test
  void aShortAnswerIsOneMessage() throws Exception {
    FrameWire wire = new FrameWire();
    Line member = new Line(wire, pair.atMember, settings(), false);
    member.receive(FrameWire.message(new Frame(Frame.Type.OPEN, Frame.END, 1, HEAD)));

    pair.atMember.opened.take().answer(HEAD, bytes(100));

    assertThat(wire.messages).hasSize(1);
    assertThat(wire.sent)
        .containsExactly(
            new Frame(Frame.Type.ANSWER, 0, 1, HEAD),
            new Frame(Frame.Type.DATA, Frame.END, 1, bytes(100)));
    assertThat(member.inFlight()).isZero();
  }

  /** Whoever waits for a socket would be held up by it, and could not be interrupted. */
  @Test
  void nobodyWaitsForASocketButThreadsForWork() throws Exception {
    StuckWire wire = new StuckWire();
    Line host = new Line(wire, pair.atHost, settings(), true);

    LineStream stream = host.open(HEAD, true);
    wire.begun.await();
    LineStream second = host.open(HEAD, true);
    stream.end(CANCELLED);
    second.end(CANCELLED);

    assertThat(host.inFlight()).isZero();
    wire.goesOn.countDown();
    assertThat(wire.messages.take()).extracting(Frame::type).containsExactly(Frame.Type.OPEN);
    assertThat(wire.messages.take()).extracting(Frame::type).containsExactly(Frame.Type.RESET);
  }

  @Test
  void aCutIsAnErrorAndNeverAShortBody() throws Exception {
    LineStream stream = pair.host.open(HEAD, true);
    LineStream taken = pair.atMember.opened.take();
    taken.answer(HEAD, false);
    Okio.buffer(taken.writing()).write(bytes(100)).flush();
    Buffer arrived = new Buffer();
    stream.head();
    stream.body().read(arrived, 100);

    pair.member.lost("cut");

    assertThatExceptionOfType(StreamEnded.class)
        .isThrownBy(() -> stream.body().read(arrived, 100))
        .matches(e -> e.reset().reason() == Reason.LINE_LOST && e.reset().sent());
    assertThat(pair.atHost.ended.take()).isNotBlank();
  }

  @Test
  void whatWasNotHandedOverWhenTheLineEndsWasNotSent() throws Exception {
    pair.host.lost("cut");

    LineStream late = pair.host.open(HEAD, true);

    assertThatExceptionOfType(StreamEnded.class)
        .isThrownBy(late::head)
        .matches(e -> e.reset().reason() == Reason.LINE_LOST && !e.reset().sent());
  }

  @Test
  void anEndReachesTheOtherSideAtOnce() throws Exception {
    LineStream stream = pair.host.open(HEAD, false);
    LineStream taken = pair.atMember.opened.take();
    CountDownLatch told = new CountDownLatch(1);
    taken.whenEnded(told::countDown);

    stream.end(CANCELLED);

    told.await();
    assertThatExceptionOfType(StreamEnded.class)
        .isThrownBy(() -> read(taken))
        .matches(e -> e.reset().equals(CANCELLED));
    assertThatExceptionOfType(StreamEnded.class).isThrownBy(stream::head);
    assertThat(pair.host.inFlight()).isZero();
    assertThat(pair.member.inFlight()).isZero();
  }

  @Test
  void anAnswerWithoutTheWholeBodyEndsOnlyTheSending() throws Exception {
    LineStream stream = pair.host.open(HEAD, false);
    Future<?> writing =
        pair.work.submit(
            () -> {
              write(stream, bytes(3 * SendWindow.SIZE));
              return null;
            });
    LineStream taken = pair.atMember.opened.take();

    taken.enough();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(writing::get)
        .withMessageContaining("ENOUGH");
    taken.answer(HEAD, false);
    write(taken, bytes(20));

    assertThat(stream.head()).isEqualTo(HEAD);
    assertThat(read(stream)).isEqualTo(bytes(20));
    assertThat(pair.host.inFlight()).isZero();
    assertThat(pair.member.inFlight()).isZero();
  }

  @Test
  void anInterruptLetsAWaitingThreadGo() throws Exception {
    LineStream stream = pair.host.open(HEAD, true);
    pair.atMember.opened.take();
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                stream.head();
              } catch (IOException e) {
                thrown.add(e);
              }
            });
    waiting.start();

    waiting.interrupt();

    assertThat(thrown.take()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void moreStreamsThanAgreedAreTurnedAwayUnsent() throws Exception {
    try (LinePair narrow = new LinePair(1)) {
      LineStream first = narrow.host.open(HEAD, true);
      LineStream second = narrow.host.open(bytes(40_000), true);

      assertThatExceptionOfType(StreamEnded.class)
          .isThrownBy(second::head)
          .matches(e -> e.reset().reason() == Reason.BUSY && !e.reset().sent());
      narrow.atMember.opened.take().answer(HEAD, true);
      assertThat(first.head()).isEqualTo(HEAD);
    }
  }

  @Test
  void bothSidesAskAndAreAnswered() throws Exception {
    CompletableFuture<ByteString> fromMember = pair.member.ask(bytes(50_000));
    assertThat(pair.atHost.questions.take()).isEqualTo(bytes(50_000));
    pair.host.reply(pair.atHost.asked.take(), bytes(60_000));
    assertThat(fromMember.get()).isEqualTo(bytes(60_000));

    CompletableFuture<ByteString> fromHost = pair.host.ask(HEAD);
    assertThat(pair.atMember.questions.take()).isEqualTo(HEAD);
    pair.member.lost("cut");
    assertThat(fromHost).failsWithin(Duration.ofSeconds(30));
  }

  @Test
  void aSilentPeerIsGivenUpAfterTwoIntervals() throws Exception {
    LineStream stream = pair.host.open(HEAD, true);
    pair.atMember.opened.take();
    pair.toMember.swallow();
    pair.toHost.swallow();

    pair.advance(LinePair.INTERVAL);
    pair.host.look();
    assertThat(pair.host.isOver()).isFalse();
    pair.advance(LinePair.INTERVAL);
    pair.host.look();

    assertThat(pair.atHost.ended.take()).contains("no sign of life for 10000 ms");
    assertThatExceptionOfType(StreamEnded.class).isThrownBy(stream::head);
  }

  @Test
  void aPeerThatIsAskedForASignGivesIt() throws Exception {
    pair.host.ping().get(30, TimeUnit.SECONDS);
    for (int i = 0; i < 10; i++) {
      pair.advance(LinePair.INTERVAL);
      pair.host.look();
      pair.host.ping().get(30, TimeUnit.SECONDS);
    }
    assertThat(pair.host.isOver()).isFalse();
  }

  @Test
  void signsOfLifeThatNobodyGivesAreNotWaitedForForEver() {
    pair.toHost.swallow();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      asked.add(pair.host.ping());
    }

    for (long number = 1; number <= 40; number++) {
      ByteString payload = new Buffer().writeLong(number).readByteString();
      pair.host.receive(FrameWire.message(Frame.Type.PONG, payload));
    }

    assertThat(asked.get(39)).isDone();
    assertThat(asked).filteredOn(CompletableFuture::isDone).hasSizeLessThanOrEqualTo(16);
  }

  @Test
  void afterAStandstillOfTheWholeProcessThePeerHasTimeToBeHeard() {
    pair.toMember.swallow();
    pair.toHost.swallow();

    pair.advance(LinePair.INTERVAL.multipliedBy(100));
    pair.host.look();

    assertThat(pair.host.isOver()).isFalse();
  }

  @Test
  void whatComesAfterTheEndInTheSameMessageIsNotBegun() {
    LinePair.Heard heard = new LinePair.Heard();
    Ending ending = new Ending(heard);
    Line member = new Line(new FrameWire(), ending, settings(), false);
    ending.line = member;

    member.receive(
        FrameWire.message(
            Frame.of(Frame.Type.REFUSED, HEAD), new Frame(Frame.Type.OPEN, Frame.END, 1, HEAD)));

    assertThat(heard.opened).isEmpty();
    assertThat(member.inFlight()).isZero();
  }

  /** Ends its line when that is refused, as members do. */
  private static final class Ending implements Line.Listener {

    private final LinePair.Heard heard;
    private Line line;

    Ending(LinePair.Heard heard) {
      this.heard = heard;
    }

    @Override
    public void opened(LineStream stream) {
      heard.opened(stream);
    }

    @Override
    public void greeted(Frame frame) {
      line.close("refused");
    }

    @Override
    public void asked(int question, ByteString text) {
      heard.asked(question, text);
    }

    @Override
    public void draining() {
      heard.draining();
    }

    @Override
    public void ended(String why) {
      heard.ended(why);
    }
  }

  @Test
  void aSocketThatCannotBeWrittenToIsClosedAtOnceAfterAPoliteEndToo() throws Exception {
    CountDownLatch testIsOver = new CountDownLatch(1);
    Future<?> noTimer = pair.timer.submit(() -> testIsOver.await(60, TimeUnit.SECONDS));
    StuckWire wire = new StuckWire();
    Line host = new Line(wire, pair.atHost, settings(), true);
    host.open(HEAD, true);
    wire.begun.await();

    host.close("no more is wanted");
    wire.breaks();

    assertThat(wire.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    testIsOver.countDown();
    noTimer.get();
  }

  @Test
  void aPoliteEndStillSaysWhy() throws Exception {
    pair.host.greet(Frame.of(Frame.Type.REFUSED, HEAD));
    pair.host.close("refused");

    assertThat(pair.atMember.greeted.take().payload()).isEqualTo(HEAD);
    assertThat(pair.atMember.ended.take()).contains("the other side closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "07000000", // no stream
        "07000003000000010000", // less than announced
        "630000000000000007", // a piece of a frame after a whole one
        "05000002000000017b7d", // the member opens a stream
        "070000010000000100", // a body before its head
        "09000008000000010000000000040001", // credit beyond a window
        "090000010000000100", // credit that is no number
        "0800000000000001", // an end without a reason
      })
  void whatTheProtocolDoesNotAllowEndsTheLine(String hex) throws Exception {
    pair.host.open(HEAD, false);

    pair.host.receive(ByteString.decodeHex(hex));

    assertThat(pair.atHost.ended.take()).startsWith("the peer broke the protocol");
  }

  @Test
  void moreThanTheWindowEndsTheLine() throws Exception {
    LineStream stream = pair.host.open(HEAD, false);
    pair.host.receive(FrameWire.message(new Frame(Frame.Type.ANSWER, 0, stream.id(), HEAD)));
    for (int i = 0; i < SendWindow.SIZE / Frame.MAX_PAYLOAD; i++) {
      pair.host.receive(data(stream));
    }
    assertThat(pair.host.isOver()).isFalse();

    pair.host.receive(data(stream));

    assertThat(pair.atHost.ended.take()).contains("were granted");
  }

  private static ByteString data(LineStream stream) {
    return FrameWire.message(new Frame(Frame.Type.DATA, 0, stream.id(), bytes(Frame.MAX_PAYLOAD)));
  }

  @Test
  void frameTypesOfALaterVersionArePassedOver() throws Exception {
    pair.host.receive(ByteString.decodeHex("63000001000000000a6300000000000000"));

    Future<?> echo = echo();
    LineStream stream = pair.host.open(HEAD, false);
    write(stream, bytes(10));
    assertThat(read(stream)).isEqualTo(bytes(10));
    echo.get();
  }

  @Test
  void whatIsOnItsWayToAnEndedStreamIsPassedOver() throws Exception {
    LineStream stream = pair.host.open(HEAD, true);
    LineStream taken = pair.atMember.opened.take();
    taken.answer(HEAD, false);
    stream.end(CANCELLED);

    pair.host.receive(data(stream));

    assertThat(pair.host.isOver()).isFalse();
  }

  @Test
  void aPeerThatBeginsMoreQuestionsThanItEndsIsCutOff() throws Exception {
    for (int question = 1; question <= 17; question++) {
      Frame begun = new Frame(Frame.Type.CONTROL, Frame.MORE, question, bytes(16_384));
      pair.host.receive(FrameWire.message(begun));
    }

    assertThat(pair.atHost.ended.take()).contains("too many questions");
  }
}

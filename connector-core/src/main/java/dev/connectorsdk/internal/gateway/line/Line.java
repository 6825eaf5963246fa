package dev.connectorsdk.internal.gateway.line;

import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a line. The socket's owner hands over what arrives ({@link #receive}) and says when
 * the socket is gone ({@link #lost}); neither ever waits. Whoever has something to say writes it as
 * long as the socket takes it at once, and else a thread for work does. Safe for several threads.
 *
 * <p>Only the host opens streams. Both sides may ask questions.
 */
public final class Line {

  private static final Logger log = LoggerFactory.getLogger(Line.class);

  /** A look that is as late as this one says that the whole process did not run. */
  private static final long LATE_NANOS = Duration.ofSeconds(1).toNanos();

  /** How often it looks after the peer in one interval. */
  private static final int LOOKS = 4;

  /** Whoever asks waits for the answer before it asks again, or nearly so. */
  private static final int MOST_QUESTIONS = 16;

  /** How many unanswered signs of life are waited for. */
  private static final int MOST_PINGS = 16;

  /** How long a polite end may take. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** Who is told what happens. Called by the thread that reads the socket: nothing may wait. */
  public interface Listener {

    /** The peer has opened a stream. */
    void opened(LineStream stream);

    /** A challenge, a hello, a welcome or a refusal has arrived. */
    void greeted(Frame frame);

    /** The peer asks, and waits for {@link Line#reply}. */
    void asked(int question, ByteString text);

    /** The peer is about to close: nothing more is to be begun. */
    void draining();

    /** The line is over, and so are its streams. Called once. */
    void ended(String why);
  }

  private final Wire wire;
  private final Listener listener;
  private final LineSettings settings;
  private final Outbox outbox = new Outbox();
  private final Map<Integer, LineStream> streams = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<ByteString>> questions = new ConcurrentHashMap<>();
  private final Map<Integer, Parts> controls = new ConcurrentHashMap<>();
  private final Map<Long, Runnable> pings = new ConcurrentHashMap<>();
  private final ReentrantLock opening = new ReentrantLock();
  private final AtomicInteger lastQuestion = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger unwritten = new AtomicInteger(); // how often it was asked to write
  private final boolean opens;
  private volatile boolean mayAsk;
  private volatile long heard;
  private int lastStream; // guarded by opening
  private int lastFromPeer; // of the reading thread
  private long lastPing; // of who looks
  private long lastLook; // of who looks
  private volatile @Nullable ScheduledFuture<?> looking;

  /**
   * @param opens whether this side opens streams
   */
  public Line(Wire wire, Listener listener, LineSettings settings, boolean opens) {
    this.wire = wire;
    this.listener = listener;
    this.settings = settings;
    this.opens = opens;
    this.heard = settings.nanos().getAsLong();
    this.lastPing = heard;
    this.lastLook = heard;
  }

  /** Begins to look after the peer. */
  public void start() {
    long pause = settings.pingInterval().toNanos() / LOOKS;
    looking =
        settings.timer().scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
    if (isOver()) {
      looking.cancel(false);
    }
  }

  /** Has what waits written, by this thread unless another one is at it already. */
  private void write() {
    if (unwritten.getAndIncrement() == 0) {
      write(false);
    }
  }

  /**
   * Writes until nothing waits. Once the socket was closed, or writing failed, the counter stays
   * above 0, so that nobody writes again.
   *
   * @param mayWait whether this thread may wait for the socket; else one that may goes on
   */
  private void write(boolean mayWait) {
    try {
      for (int seen = unwritten.get(); seen > 0; seen = unwritten.addAndGet(-seen)) {
        while (outbox.hasMore()) {
          if (!mayWait && !wire.isFree()) {
            settings.work().execute(() -> write(true));
            return;
          }
          ByteString next = outbox.poll();
          if (next != null) {
            wire.send(next);
          } else if (outbox.isClosed()) {
            wire.close();
            return;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      lost("writing failed: " + e.getClass().getName());
      wire.cancel(); // A polite end may be under way.
    }
  }

  /** Sends frames of a stream. */
  void send(Outbox.Lane lane, List<Frame> frames) {
    outbox.add(lane, frames);
    write();
  }

  /** Returns whether a part of what a stream had to send was sent; the rest is not. */
  boolean drop(Outbox.Lane lane) {
    return outbox.drop(lane);
  }

  /** Returns how many streams are open. */
  public int inFlight() {
    return streams.size();
  }

  /** Returns how many frames wait to be written. */
  public int queued() {
    return outbox.size();
  }

  /** Returns whether the line has ended. */
  public boolean isOver() {
    return over.get();
  }

  /** Returns when something was last heard of the peer, by the clock of the settings. */
  public long heard() {
    return heard;
  }

  /**
   * Opens a stream.
   *
   * @param head the request without its body
   * @param last whether no body follows
   * @throws IllegalArgumentException if the head is longer than 256 KiB
   */
  public LineStream open(ByteString head, boolean last) {
    Parts.requireFits(head);
    LineStream stream = begin(head, last);
    if (isOver()) {
      stream.lost("the line has ended");
    }
    return stream;
  }

  /** The peer takes a stream whose number is lower than one before for one that has ended. */
  private LineStream begin(ByteString head, boolean last) {
    opening.lock();
    try {
      lastStream = lastStream == -1 ? 1 : lastStream + 1;
      LineStream stream = new LineStream(this, lastStream);
      streams.put(stream.id(), stream);
      stream.begin(Frame.Type.OPEN, head, last);
      return stream;
    } finally {
      opening.unlock();
    }
  }

  /** Sends a frame that belongs to no stream. */
  public void greet(Frame frame) {
    urgent(frame);
  }

  void urgent(Frame frame) {
    if (outbox.addUrgent(frame)) {
      write();
    } else {
      lost("the peer asks without reading");
    }
  }

  void forget(int stream) {
    streams.remove(stream);
  }

  boolean isFromPeer() {
    return !opens;
  }

  /** From now on the peer may ask. */
  public void allowQuestions() {
    mayAsk = true;
  }

  /** Asks the peer. The answer is exceptional if the line ends before it comes. */
  public CompletableFuture<ByteString> ask(ByteString text) {
    int question = lastQuestion.incrementAndGet();
    CompletableFuture<ByteString> answer = new CompletableFuture<>();
    questions.put(question, answer);
    Parts.of(Frame.Type.CONTROL, 0, question, text).forEach(this::urgent);
    if (isOver()) {
      fail(answer, "the line has ended");
    }
    return answer;
  }

  /** Answers what the peer has asked. */
  public void reply(int question, ByteString text) {
    Parts.of(Frame.Type.CONTROL, Frame.REPLY, question, text).forEach(this::urgent);
  }

  /** Tells the peer to begin nothing more here. */
  public void drain() {
    urgent(Frame.of(Frame.Type.DRAIN));
  }

  /** Asks for a sign of life. */
  public CompletableFuture<Void> ping() {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    ping(() -> answered.complete(null));
    return answered;
  }

  private void ping(Runnable then) {
    long number = lastQuestion.incrementAndGet();
    if (pings.size() >= MOST_PINGS) {
      pings.clear(); // The peer says much, and never that.
    }
    pings.put(number, then);
    urgent(Frame.of(Frame.Type.PING, new Buffer().writeLong(number).readByteString()));
  }

  /**
   * Looks whether the peer lives, and asks it for a sign. After the process itself stood still the
   * peer has as much time as at first.
   */
  void look() {
    long now = settings.nanos().getAsLong();
    long interval = settings.pingInterval().toNanos();
    if (now - lastLook > LATE_NANOS + interval) {
      heard = now;
    }
    lastLook = now;
    if (now - heard >= 2 * interval) {
      lost("no sign of life for " + Duration.ofNanos(now - heard).toMillis() + " ms");
    } else if (now - lastPing >= interval) {
      lastPing = now;
      ping(() -> {});
    }
  }

  /** Takes a message that has arrived. */
  public void receive(ByteString message) {
    if (isOver()) {
      return;
    }
    heard = settings.nanos().getAsLong();
    try {
      for (Frame frame : Frame.allOf(message)) {
        if (isOver()) {
          return; // By a frame before, or by another thread.
        }
        take(frame);
      }
    } catch (ProtocolFault e) {
      lost("the peer broke the protocol: " + e.getMessage());
    }
  }

  private void take(Frame frame) throws ProtocolFault {
    switch (frame.type()) {
      case CHALLENGE, HELLO, WELCOME, REFUSED -> listener.greeted(frame);
      case OPEN -> takeOpen(frame);
      case ANSWER, DATA, CREDIT, RESET -> toStream(frame);
      case PING -> takePing(frame);
      case PONG -> takePong(frame);
      case CONTROL -> takeControl(frame);
      case DRAIN -> listener.draining();
    }
  }

  /** What is still on its way to a stream that has ended is passed over. */
  private void toStream(Frame frame) throws ProtocolFault {
    LineStream stream = streams.get(frame.stream());
    if (stream != null) {
      stream.take(frame);
    }
  }

  private void takeOpen(Frame frame) throws ProtocolFault {
    if (opens) {
      throw new ProtocolFault("a stream is opened by the side that opens none");
    }
    if (frame.stream() - lastFromPeer > 0) { // Numbers begin anew after the last one.
      addStream(frame.stream());
    }
    LineStream stream = streams.get(frame.stream());
    if (stream != null && stream.take(frame)) {
      listener.opened(stream);
    }
  }

  private void addStream(int id) {
    lastFromPeer = id;
    LineStream stream = new LineStream(this, id);
    streams.put(id, stream);
    if (isOver()) {
      stream.lost("the line has ended");
      return;
    }
    if (streams.size() > settings.streams()) {
      stream.end(new Reset(Reason.BUSY, false, settings.streams() + " requests are under way"));
    }
  }

  private void takePing(Frame frame) throws ProtocolFault {
    if (frame.payload().size() != Long.BYTES) {
      throw new ProtocolFault("a ping of " + frame.payload().size() + " bytes");
    }
    urgent(Frame.of(Frame.Type.PONG, frame.payload()));
  }

  private void takePong(Frame frame) {
    if (frame.payload().size() == Long.BYTES) {
      Runnable then = pings.remove(frame.payload().asByteBuffer().getLong());
      if (then != null) {
        then.run();
      }
    }
  }

  private void takeControl(Frame frame) throws ProtocolFault {
    boolean isReply = frame.has(Frame.REPLY);
    if (!isReply && !mayAsk) {
      throw new ProtocolFault("a question before a greeting");
    }
    int key = isReply ? -frame.stream() : frame.stream();
    ByteString text = controls.computeIfAbsent(key, k -> new Parts()).add(frame);
    if (controls.size() > MOST_QUESTIONS) {
      throw new ProtocolFault("too many questions at once");
    }
    if (text == null) {
      return;
    }
    controls.remove(key);
    if (!isReply) {
      listener.asked(frame.stream(), text);
      return;
    }
    CompletableFuture<ByteString> asked = questions.remove(frame.stream());
    if (asked != null) {
      asked.complete(text);
    }
  }

  /** Ends the line at once: its socket is gone, or nothing comes from it any more. */
  public void lost(String why) {
    end(why, true);
  }

  /** Closes the line, after what is said on it besides streams. These end with it. */
  public void close(String why) {
    end(why, false);
  }

  private void end(String why, boolean atOnce) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    log.debug("A line ends: {}", why);
    ScheduledFuture<?> looks = looking;
    if (looks != null) {
      looks.cancel(false);
    }
    streams.values().forEach(stream -> stream.lost(why));
    outbox.close();
    write();
    questions.values().forEach(answer -> fail(answer, why));
    listener.ended(why);
    if (atOnce) {
      wire.cancel();
    } else {
      settings.later(CLOSING, wire::cancel);
    }
  }

  private static void fail(CompletableFuture<ByteString> answer, @Nullable String why) {
    answer.completeExceptionally(new IOException(why));
  }
}

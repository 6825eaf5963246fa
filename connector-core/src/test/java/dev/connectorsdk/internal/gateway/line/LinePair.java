package dev.connectorsdk.internal.gateway.line;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import okio.ByteString;

/** Two ends of a line in one process: what one sends the other gets, on a thread of its own. */
final class LinePair implements AutoCloseable {

  static final Duration INTERVAL = Duration.ofSeconds(5);

  final AtomicLong nanos = new AtomicLong();
  final ExecutorService work = Executors.newCachedThreadPool();
  final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  final Heard atHost = new Heard();
  final Heard atMember = new Heard();
  final Pipe toMember = new Pipe(false);
  final Pipe toHost = new Pipe(true);
  final Line host;
  final Line member;

  LinePair() {
    this(100);
  }

  /**
   * @param streams how many may be open at once
   */
  LinePair(int streams) {
    LineSettings settings = new LineSettings(INTERVAL, streams, nanos::get, work, timer);
    host = new Line(toMember, atHost, settings, true);
    member = new Line(toHost, atMember, settings, false);
    work.execute(() -> toMember.carryTo(member));
    work.execute(() -> toHost.carryTo(host));
    host.allowQuestions();
    member.allowQuestions();
    host.start();
    member.start();
  }

  void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public void close() {
    host.lost("the test is over");
    member.lost("the test is over");
    work.shutdownNow();
    timer.shutdownNow();
  }

  /** One direction. */
  static final class Pipe implements Wire {

    private static final ByteString THE_END = ByteString.encodeUtf8("the end");

    /** What was sent, in order. */
    final Queue<Frame> sent = new ConcurrentLinkedQueue<>();

    private final boolean saysWhenFree;
    private final BlockingQueue<ByteString> under = new LinkedBlockingQueue<>(4);
    private volatile boolean blackHole;
    private volatile boolean closed;

    Pipe(boolean saysWhenFree) {
      this.saysWhenFree = saysWhenFree;
    }

    /** What is sent from now on arrives nowhere, and nobody is told. */
    void swallow() {
      blackHole = true;
    }

    void carryTo(Line line) {
      try {
        for (ByteString next = under.take(); !next.equals(THE_END); next = under.take()) {
          line.receive(next);
        }
        line.lost("the other side closed");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public boolean isFree() {
      return saysWhenFree && under.remainingCapacity() > 0;
    }

    @Override
    public void send(ByteString message) throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      try {
        sent.addAll(Frame.allOf(message));
        if (!blackHole) {
          under.put(message);
        }
      } catch (InterruptedException | ProtocolFault e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      try {
        closed = true;
        if (!blackHole) {
          under.put(THE_END);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void cancel() {
      closed = true;
      under.clear();
      if (!blackHole) {
        under.offer(THE_END);
      }
    }
  }

  /** What one side was told. */
  static final class Heard implements Line.Listener {

    final BlockingQueue<LineStream> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> greeted = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
    final BlockingQueue<ByteString> questions = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> drained = new LinkedBlockingQueue<>();

    @Override
    public void opened(LineStream stream) {
      opened.add(stream);
    }

    @Override
    public void greeted(Frame frame) {
      greeted.add(frame);
    }

    @Override
    public void asked(int question, ByteString text) {
      questions.add(text);
      asked.add(question);
    }

    @Override
    public void draining() {
      drained.add(true);
    }

    @Override
    public void ended(String why) {
      ended.add(why);
    }
  }
}

package dev.connectorsdk.internal.gateway.line;

import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import okio.ByteString;
import okio.Sink;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a line: a head and a body in each direction. One thread may read while another
 * writes, and any may end it. {@code lock} guards all fields that change; nothing blocks under it.
 *
 * <p>What is read and written waits for the peer without a time limit of its own: whoever waits is
 * let go by {@link #end}, by the end of the line, or by an interrupt, after which the stream is
 * still there to be ended.
 */
public final class LineStream {

  private final Line line;
  private final int id;
  private final Outbox.Lane lane = new Outbox.Lane();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Parts parts = new Parts();
  private final Buffer received = new Buffer();
  private final ReceiveWindow incoming = new ReceiveWindow();
  private final SendWindow outgoing = new SendWindow();
  private @Nullable ByteString head;
  private @Nullable Reset ended;
  private @Nullable Reset stopped;
  private boolean allArrived;
  private boolean allWritten;
  private @Nullable Runnable whenEnded;

  LineStream(Line line, int id) {
    this.line = line;
    this.id = id;
  }

  int id() {
    return id;
  }

  /**
   * Sends the head of this side.
   *
   * @param last whether no body follows
   */
  void begin(Frame.Type type, ByteString text, boolean last) {
    line.send(lane, Parts.of(type, last ? Frame.END : 0, id, text));
    if (last) {
      written();
    }
  }

  /**
   * Answers what the peer has opened.
   *
   * @param last whether no body follows
   * @throws IllegalArgumentException if the head is longer than 256 KiB
   */
  public void answer(ByteString text, boolean last) {
    begin(Frame.Type.ANSWER, text, last);
  }

  /**
   * Answers what the peer has opened, with the whole body at once.
   *
   * @param body at most {@link Frame#MAX_PAYLOAD} bytes
   * @throws IllegalArgumentException if the head is longer than 256 KiB
   */
  public void answer(ByteString text, ByteString body) {
    List<Frame> frames = new ArrayList<>(Parts.of(Frame.Type.ANSWER, 0, id, text));
    frames.add(new Frame(Frame.Type.DATA, Frame.END, id, body));
    lock.lock();
    try {
      outgoing.take(body.size()); // There is room for the first ones.
    } finally {
      lock.unlock();
    }
    line.send(lane, frames);
    written();
  }

  /** Waits for the peer's head. */
  public ByteString head() throws IOException {
    lock.lock();
    try {
      while (head == null) {
        requireGoingOn();
        awaitChange();
      }
      return head;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the peer's head is there, so that {@link #head} does not wait. */
  public boolean hasHead() {
    lock.lock();
    try {
      return head != null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the peer's body. Closing it before its end ends the stream. */
  public Source body() {
    return new Incoming();
  }

  /** Returns where this side's body is written to. Closing it says that it is whole. */
  public Sink writing() {
    return new Outgoing();
  }

  /**
   * Has something done, once, when the stream ends before its time; at once if it has ended so. It
   * is called by the thread that reads the line, so it must not wait.
   */
  public void whenEnded(Runnable then) {
    lock.lock();
    try {
      if (ended == null) {
        whenEnded = then;
        return;
      }
    } finally {
      lock.unlock();
    }
    then.run();
  }

  /** Ends the stream, unless it is over, and tells the peer. */
  public void end(Reset why) {
    if (over(why) && (line.drop(lane) || line.isFromPeer())) {
      line.urgent(new Frame(Frame.Type.RESET, 0, id, why.encoded()));
    }
  }

  /** Ends the stream, unless it is over, and tells the peer after what was sent on it before. */
  public void breakOff(Reset why) {
    if (over(why)) {
      line.send(lane, List.of(new Frame(Frame.Type.RESET, 0, id, why.encoded())));
    }
  }

  /** Tells the peer that the rest of its body is not needed. */
  public void enough() {
    lock.lock();
    try {
      if (allArrived || ended != null) {
        return;
      }
      allArrived = true;
      received.clear();
      forgetIfOver();
    } finally {
      lock.unlock();
    }
    Reset why = new Reset(Reason.ENOUGH, true, "the rest is not needed");
    line.urgent(new Frame(Frame.Type.RESET, 0, id, why.encoded()));
  }

  /** Notes the end, unless the stream is over. */
  private boolean over(Reset why) {
    Runnable then;
    lock.lock();
    try {
      if (ended != null || (allArrived && allWritten)) {
        return false;
      }
      ended = why;
      received.clear();
      changed.signalAll();
      then = whenEnded;
    } finally {
      lock.unlock();
    }
    line.forget(id);
    if (then != null) {
      then.run();
    }
    return true;
  }

  /** Ends the stream with the line. */
  void lost(String why) {
    boolean sent = line.drop(lane) || line.isFromPeer();
    over(new Reset(Reason.LINE_LOST, sent, why));
  }

  /** Takes what the peer sent. Returns whether its head is whole with this frame. */
  boolean take(Frame frame) throws ProtocolFault {
    return switch (frame.type()) {
      case OPEN, ANSWER -> takeHead(frame);
      case DATA -> takeData(frame);
      case CREDIT -> takeCredit(frame);
      case RESET -> takeReset(Reset.decoded(frame.payload()));
      default -> throw new ProtocolFault(frame.type() + " on a stream");
    };
  }

  private boolean takeHead(Frame frame) throws ProtocolFault {
    lock.lock();
    try {
      if (head != null) {
        throw new ProtocolFault("a second head on stream " + id);
      }
      if (ended != null) {
        return false;
      }
      ByteString whole = parts.add(frame);
      if (whole == null) {
        return false;
      }
      head = whole;
      allArrived = frame.has(Frame.END);
      forgetIfOver();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private boolean takeData(Frame frame) throws ProtocolFault {
    lock.lock();
    try {
      incoming.arrived(frame.payload().size());
      if (head == null) {
        throw new ProtocolFault("a body before its head on stream " + id);
      }
      if (allArrived) {
        return false; // Told before that it is not needed.
      }
      received.write(frame.payload());
      allArrived = frame.has(Frame.END);
      forgetIfOver();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return false;
  }

  private boolean takeCredit(Frame frame) throws ProtocolFault {
    if (frame.payload().size() != Long.BYTES) {
      throw new ProtocolFault("credit of " + frame.payload().size() + " bytes");
    }
    long total = frame.payload().asByteBuffer().getLong();
    lock.lock();
    try {
      outgoing.grant(total);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return false;
  }

  private boolean takeReset(Reset why) {
    line.drop(lane);
    if (why.reason() != Reason.ENOUGH) {
      over(why);
      return false;
    }
    lock.lock();
    try {
      stopped = why;
      allWritten = true;
      forgetIfOver();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return false;
  }

  /** To be called under the lock, so that who has seen the end sees the line without this. */
  private void forgetIfOver() {
    if (allArrived && allWritten) {
      line.forget(id);
    }
  }

  private void written() {
    lock.lock();
    try {
      allWritten = true;
      forgetIfOver();
    } finally {
      lock.unlock();
    }
  }

  private void requireGoingOn() throws StreamEnded {
    if (ended != null) {
      throw new StreamEnded(ended);
    }
  }

  /** Waits for any change; whoever calls this looks again whether it is the wanted one. */
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  private void awaitChange() throws InterruptedIOException {
    try {
      changed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private int awaitRoom(int wanted) throws IOException {
    lock.lock();
    try {
      while (true) {
        requireGoingOn();
        if (stopped != null) {
          throw new StreamEnded(stopped);
        }
        int room = outgoing.take(wanted);
        if (room > 0) {
          return room;
        }
        awaitChange();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes were read, after waiting for the first; -1 at the end. */
  private long read(Buffer into, long most) throws IOException {
    long count;
    long granted;
    lock.lock();
    try {
      while (received.exhausted() && !allArrived) {
        requireGoingOn();
        awaitChange();
      }
      requireGoingOn();
      count = received.read(into, most);
      granted = count < 0 || allArrived ? 0 : incoming.taken(count);
    } finally {
      lock.unlock();
    }
    if (granted > 0) {
      ByteString total = new Buffer().writeLong(granted).readByteString();
      line.urgent(new Frame(Frame.Type.CREDIT, 0, id, total));
    }
    return count;
  }

  private boolean isRead() {
    lock.lock();
    try {
      return allArrived && received.exhausted();
    } finally {
      lock.unlock();
    }
  }

  private final class Incoming implements Source {

    @Override
    public long read(Buffer into, long most) throws IOException {
      return LineStream.this.read(into, most);
    }

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {
      if (!isRead()) {
        end(new Reset(Reason.CANCELLED, true, "the rest of the body is not read"));
      }
    }
  }

  private final class Outgoing implements Sink {

    private boolean closed;

    @Override
    public void write(Buffer from, long count) throws IOException {
      for (long left = count; left > 0; ) {
        int now = awaitRoom((int) Math.min(left, Frame.MAX_PAYLOAD));
        line.send(lane, List.of(new Frame(Frame.Type.DATA, 0, id, from.readByteString(now))));
        left -= now;
      }
    }

    @Override
    public void flush() {
      // Nothing is held back.
    }

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        line.send(lane, List.of(new Frame(Frame.Type.DATA, Frame.END, id, ByteString.EMPTY)));
        written();
      }
    }
  }
}

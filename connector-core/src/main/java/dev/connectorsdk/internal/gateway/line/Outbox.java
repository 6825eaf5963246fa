package dev.connectorsdk.internal.gateway.line;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to a line. Short frames that keep others going are first; then each
 * stream that has something sends one frame in turn. {@code lock} guards all that is in here and in
 * the lanes. Nobody waits here.
 */
final class Outbox {

  /** More of these wait only if a peer asks without reading. */
  private static final int MAX_URGENT = 4_096;

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Frame> urgent = new ArrayDeque<>();
  private final Queue<Lane> turns = new ArrayDeque<>();
  private boolean closed;

  /** What one stream has to send, in order. */
  static final class Lane {
    private final Deque<Frame> frames = new ArrayDeque<>();
    private boolean begun;
    private boolean dropped;
  }

  /**
   * Adds a frame that is sent before those of streams.
   *
   * @return whether there was room for it
   */
  boolean addUrgent(Frame frame) {
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      return urgent.size() < MAX_URGENT && urgent.add(frame);
    } finally {
      lock.unlock();
    }
  }

  /** Adds frames of a stream. Nothing is added to a lane that was dropped. */
  void add(Lane lane, List<Frame> frames) {
    lock.lock();
    try {
      if (lane.dropped || closed) {
        return;
      }
      if (lane.frames.isEmpty()) {
        turns.add(lane);
      }
      lane.frames.addAll(frames);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets what a stream still has to send.
   *
   * @return whether a part of it was sent before
   */
  boolean drop(Lane lane) {
    lock.lock();
    try {
      lane.dropped = true;
      lane.frames.clear();
      turns.remove(lane);
      return lane.begun;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the next message, of as many frames as it holds, or {@code null} if none waits. */
  @Nullable ByteString poll() {
    Buffer message = new Buffer();
    lock.lock();
    try {
      for (Frame next = next(); next != null && fits(next, message); next = next()) {
        removeNext();
        next.writeTo(message);
      }
    } finally {
      lock.unlock();
    }
    return message.exhausted() ? null : message.readByteString();
  }

  private static boolean fits(Frame frame, Buffer message) {
    return message.size() + frame.size() <= Frame.MAX_MESSAGE;
  }

  private @Nullable Frame next() {
    Frame first = urgent.peek();
    Lane turn = turns.peek();
    return first != null || turn == null ? first : turn.frames.peek();
  }

  private void removeNext() {
    if (!urgent.isEmpty()) {
      urgent.remove();
      return;
    }
    Lane lane = turns.remove();
    lane.begun = true;
    lane.frames.remove();
    if (!lane.frames.isEmpty()) {
      turns.add(lane);
    }
  }

  /** Returns whether there is something to do for who writes: a frame, or the end. */
  boolean hasMore() {
    lock.lock();
    try {
      return closed || next() != null;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many frames wait. */
  int size() {
    lock.lock();
    try {
      return urgent.size() + turns.stream().mapToInt(lane -> lane.frames.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Takes in nothing more. Of what waits only the urgent frames are sent. */
  void close() {
    lock.lock();
    try {
      closed = true;
      turns.clear();
    } finally {
      lock.unlock();
    }
  }
}

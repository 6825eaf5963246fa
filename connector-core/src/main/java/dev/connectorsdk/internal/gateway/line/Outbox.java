package dev.connectorsdk.internal.gateway.line;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to a line. Short frames that keep others going are first; then each
 * stream that has something sends one frame in turn. {@code lock} guards all that is in here and in
 * the lanes. Nobody waits here but who takes.
 */
final class Outbox {

  /** More of these wait only if a peer asks without reading. */
  private static final int MAX_URGENT = 4_096;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
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
      filled.signal();
      return urgent.size() < MAX_URGENT && urgent.add(frame);
    } finally {
      lock.unlock();
    }
  }

  /** Adds a frame of a stream. Nothing is added to a lane that was dropped. */
  void add(Lane lane, Frame frame) {
    lock.lock();
    try {
      if (lane.dropped || closed) {
        return;
      }
      if (lane.frames.isEmpty()) {
        turns.add(lane);
        filled.signal();
      }
      lane.frames.add(frame);
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

  /** Waits for the next frame. Returns {@code null} once this is closed and nothing is urgent. */
  @Nullable Frame take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && urgent.isEmpty() && turns.isEmpty()) {
        filled.await();
      }
      Frame next = urgent.poll();
      return next != null || closed ? next : nextInTurn();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Frame nextInTurn() {
    Lane lane = turns.remove();
    lane.begun = true;
    Frame next = lane.frames.poll();
    if (!lane.frames.isEmpty()) {
      turns.add(lane);
    }
    return next;
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

  /** Takes in nothing more, and ends who takes. Of what waits only the urgent frames are sent. */
  void close() {
    lock.lock();
    try {
      closed = true;
      turns.clear();
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

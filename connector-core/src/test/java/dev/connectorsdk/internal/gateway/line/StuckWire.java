package dev.connectorsdk.internal.gateway.line;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import okio.ByteString;

/** A wire that takes nothing until it is let go on. */
public final class StuckWire implements Wire {

  /** Somebody waits for it. */
  public final CountDownLatch begun = new CountDownLatch(1);

  /** From now on it takes everything. */
  public final CountDownLatch goesOn = new CountDownLatch(1);

  /** What it took, each message by its frames. */
  public final BlockingQueue<List<Frame>> messages = new LinkedBlockingQueue<>();

  final CountDownLatch cancelled = new CountDownLatch(1);
  private volatile boolean broken;

  /** Whoever waits is told that there is no socket any more. */
  void breaks() {
    broken = true;
    goesOn.countDown();
  }

  @Override
  public boolean isFree() {
    return false;
  }

  @Override
  public void send(ByteString message) throws IOException {
    begun.countDown();
    try {
      goesOn.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (broken) {
      throw new IOException("broken");
    }
    messages.add(FrameWire.frames(message));
  }

  @Override
  public void close() {
    // There is no socket.
  }

  @Override
  public void cancel() {
    cancelled.countDown();
  }
}

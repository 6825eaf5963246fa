package dev.connectorsdk.examples.mcp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** A stream of which somebody wants to know when it ends. */
final class EndOfInput extends FilterInputStream {

  private final CountDownLatch ended = new CountDownLatch(1);

  EndOfInput(InputStream in) {
    super(in);
  }

  /** Blocks until the end was read, or the stream was closed. */
  void await() throws InterruptedException {
    ended.await();
  }

  @Override
  public int read() throws IOException {
    return seen(reading(in::read));
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return seen(reading(() -> in.read(buffer, offset, length)));
  }

  private interface Reading {
    int read() throws IOException;
  }

  private int reading(Reading reading) throws IOException {
    try {
      return reading.read();
    } catch (IOException e) {
      ended.countDown();
      throw e;
    }
  }

  private int seen(int read) {
    if (read < 0) {
      ended.countDown();
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    ended.countDown();
    super.close();
  }
}

package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.io.InputStream;

/** What arrives on a socket, followed by its watch. */
final class WatchedInput extends InputStream {

  private final InputStream in;
  private final AnswerWatch.Watched socket;

  WatchedInput(InputStream in, AnswerWatch.Watched socket) {
    this.in = in;
    this.socket = socket;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    if (next >= 0) {
      socket.watch().arrived(new byte[] {(byte) next}, 0, 1);
    }
    return next;
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    int count = in.read(bytes, from, most);
    if (count > 0) {
      socket.watch().arrived(bytes, from, count);
    }
    return count;
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

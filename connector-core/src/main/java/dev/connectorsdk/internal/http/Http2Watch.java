package dev.connectorsdk.internal.http;

/**
 * Follows the frames of HTTP/2 (RFC 9113) between two answers: how much of bodies and of packed
 * headers arrives, how many frames that somebody has to answer or to remember, and how many that
 * bring nothing. A body may come in as many frames as it has bytes: some services send each of
 * their events as soon as there is one.
 *
 * <p>Safe for several threads: one reads for all who wait for answers.
 */
final class Http2Watch implements AnswerWatch {

  /** The most bytes of packed headers of one answer; what is packed can be many times as much. */
  private static final int MOST_PACKED_BYTES = 64 * 1024;

  /** The most frames of other kinds than {@code DATA}: they can wait in memory to be answered. */
  private static final int MOST_OTHERS = 4_096;

  /** How many {@code DATA} frames may be empty, more than bytes have come in others. */
  private static final int MOST_EMPTY = 16_384;

  private static final int FRAME_HEAD_BYTES = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int PUSH_PROMISE = 5;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  private final byte[] head = new byte[FRAME_HEAD_BYTES];
  private int headBytes;
  private int payloadLeft;

  // All of the following is guarded by this.
  private int expected;
  private long limit;
  private long bodyLeft = SLACK_BYTES;
  private int packedLeft = MOST_PACKED_BYTES;
  private int othersLeft = MOST_OTHERS;
  private int emptyLeft = MOST_EMPTY;

  @Override
  public synchronized void expect(long bodyBytes) {
    expected++;
    limit = expected == 1 ? bodyBytes : Math.max(limit, bodyBytes);
    bodyLeft += bodyBytes + SLACK_BYTES;
    packedLeft += MOST_PACKED_BYTES;
    othersLeft += MOST_OTHERS;
    keepToExpected();
  }

  @Override
  public synchronized void ended() {
    expected--;
    keepToExpected();
    // An answer has come to its end: what comes next is counted anew.
    packedLeft = Math.max(1, expected) * MOST_PACKED_BYTES;
    othersLeft = Math.max(1, expected) * MOST_OTHERS;
    emptyLeft = MOST_EMPTY;
    bodyLeft = Math.max(bodyLeft, SLACK_BYTES);
  }

  /** What one answer has left over is nothing to the next one. */
  private void keepToExpected() {
    bodyLeft = Math.min(bodyLeft, expected * (limit + SLACK_BYTES));
    packedLeft = Math.min(packedLeft, Math.max(1, expected) * MOST_PACKED_BYTES);
    othersLeft = Math.min(othersLeft, Math.max(1, expected) * MOST_OTHERS);
  }

  @Override
  public void arrived(byte[] bytes, int from, int count) throws AnswerTooLarge {
    int end = from + count;
    int at = from;
    while (at < end) {
      if (payloadLeft > 0) {
        int more = Math.min(payloadLeft, end - at);
        payloadLeft -= more;
        at += more;
      } else {
        head[headBytes] = bytes[at];
        headBytes++;
        at++;
        if (headBytes == FRAME_HEAD_BYTES) {
          headBytes = 0;
          payloadLeft = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
          begins(head[3], payloadLeft);
        }
      }
    }
  }

  private synchronized void begins(int type, int length) throws AnswerTooLarge {
    switch (type) {
      case DATA -> {
        bodyLeft -= length;
        emptyLeft = length == 0 ? emptyLeft - 1 : Math.min(emptyLeft + length, MOST_EMPTY);
      }
      case HEADERS, PUSH_PROMISE, CONTINUATION -> {
        packedLeft -= length;
        othersLeft--;
      }
      case PRIORITY, WINDOW_UPDATE -> {}
      default -> othersLeft--;
    }
    requireFew();
  }

  private void requireFew() throws AnswerTooLarge {
    if (bodyLeft < 0) {
      throw AnswerTooLarge.ofBody(limit);
    }
    if (packedLeft < 0) {
      throw AnswerTooLarge.ofHead();
    }
    if (othersLeft < 0 || emptyLeft < 0) {
      throw AnswerTooLarge.ofFraming();
    }
  }
}

package dev.connectorsdk.internal.http;

/**
 * Follows the frames of HTTP/2 (RFC 9113) between two answers: how much of bodies and of packed
 * headers arrives, and how many frames that somebody has to answer or to remember.
 *
 * <p>Safe for several threads: one reads for all who wait for answers.
 */
final class Http2Watch implements AnswerWatch {

  /** The most bytes of packed headers of one answer; what is packed can be many times as much. */
  private static final int MOST_PACKED_BYTES = 64 * 1024;

  /** What an answer's frames may cost. */
  private static final int MOST_COST = 16_384;

  /** A frame of another kind than {@code DATA} can wait for its answer in memory. */
  private static final int COST_OF_FRAME = 4;

  /** From how many bytes on a {@code DATA} frame costs nothing but these. */
  private static final int FREE_FROM = 256;

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
  private int costLeft = MOST_COST;

  @Override
  public synchronized void expect(long bodyBytes) {
    expected++;
    limit = expected == 1 ? bodyBytes : Math.max(limit, bodyBytes);
    bodyLeft += bodyBytes + SLACK_BYTES;
    packedLeft += MOST_PACKED_BYTES;
    costLeft += MOST_COST;
    keepToExpected();
  }

  @Override
  public synchronized void ended() {
    expected--;
    keepToExpected();
    // An answer has come to its end: what comes next is counted anew.
    packedLeft = Math.max(1, expected) * MOST_PACKED_BYTES;
    costLeft = Math.max(1, expected) * MOST_COST;
    bodyLeft = Math.max(bodyLeft, SLACK_BYTES);
  }

  /** What one answer has left over is nothing to the next one. */
  private void keepToExpected() {
    bodyLeft = Math.min(bodyLeft, expected * (limit + SLACK_BYTES));
    packedLeft = Math.min(packedLeft, Math.max(1, expected) * MOST_PACKED_BYTES);
    costLeft = Math.min(costLeft, Math.max(1, expected) * MOST_COST);
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
        costLeft -= length < FREE_FROM ? 1 : 0;
      }
      case HEADERS, PUSH_PROMISE, CONTINUATION -> {
        packedLeft -= length;
        costLeft -= COST_OF_FRAME;
      }
      case PRIORITY, WINDOW_UPDATE -> {}
      default -> costLeft -= COST_OF_FRAME;
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
    if (costLeft < 0) {
      throw AnswerTooLarge.ofFraming();
    }
  }
}

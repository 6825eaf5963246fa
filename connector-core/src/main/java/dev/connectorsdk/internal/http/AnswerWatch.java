package dev.connectorsdk.internal.http;

/**
 * Follows what arrives on a socket, so that nobody holds more of an answer than was agreed: the
 * limits of those who read bodies see nothing of what an HTTP client keeps before, between and
 * around these.
 */
interface AnswerWatch {

  /** What may arrive of a body beyond its limit before its reader has noticed. */
  long SLACK_BYTES = 64L * 1024;

  /** The most bytes of status lines, headers and trailers of one answer. */
  int MOST_HEAD_BYTES = 256 * 1024;

  /** The most of these lines. */
  int MOST_HEAD_LINES = 2_000;

  /** Follows nothing. */
  AnswerWatch NONE =
      new AnswerWatch() {
        @Override
        public void expect(long bodyBytes) {}

        @Override
        public void arrived(byte[] bytes, int from, int count) {}
      };

  /** A socket whose answers are followed. */
  interface Watched {
    AnswerWatch watch();
  }

  /**
   * A request is about to be sent.
   *
   * @param bodyBytes how many bytes the body of its answer may have as it is sent
   */
  void expect(long bodyBytes);

  /** The answer to a request was read, or nobody will read it. */
  default void ended() {}

  /**
   * Bytes have arrived.
   *
   * @throws AnswerTooLarge if they are too many
   */
  void arrived(byte[] bytes, int from, int count) throws AnswerTooLarge;
}

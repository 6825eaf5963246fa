package dev.connectorsdk.internal.gateway.line;

/**
 * What may still be sent in one direction of a stream. Both totals only grow. Not for several
 * threads at once.
 */
final class SendWindow {

  /** How much may be on its way at most: what either side holds of one stream. */
  static final int SIZE = 256 * 1024;

  private long granted = SIZE;
  private long sent;

  /** Takes as much as there is room for, which may be nothing. */
  int take(int wanted) {
    int now = (int) Math.min(wanted, granted - sent);
    sent += now;
    return now;
  }

  /**
   * Notes how much the peer takes in all.
   *
   * @throws ProtocolFault if it would have this side hold more than a window
   */
  void grant(long total) throws ProtocolFault {
    if (total < granted || total > sent + SIZE) {
      throw new ProtocolFault("credit up to " + total + " where " + sent + " were sent");
    }
    granted = total;
  }
}

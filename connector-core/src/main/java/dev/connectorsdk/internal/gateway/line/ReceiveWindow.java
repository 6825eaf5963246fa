package dev.connectorsdk.internal.gateway.line;

/**
 * What may still arrive in one direction of a stream. All totals only grow. Not for several threads
 * at once.
 */
final class ReceiveWindow {

  private long granted = SendWindow.SIZE;
  private long arrived;
  private long taken;

  /**
   * Notes what arrived.
   *
   * @throws ProtocolFault if that is more than was granted
   */
  void arrived(int bytes) throws ProtocolFault {
    arrived += bytes;
    if (arrived > granted) {
      throw new ProtocolFault(arrived + " bytes where " + granted + " were granted");
    }
  }

  /**
   * Notes what was read.
   *
   * @return how much the peer may send in all, if it is time to say so, else 0
   */
  long taken(long bytes) {
    taken += bytes;
    if (taken + SendWindow.SIZE - granted < SendWindow.SIZE / 2) {
      return 0;
    }
    granted = taken + SendWindow.SIZE;
    return granted;
  }
}

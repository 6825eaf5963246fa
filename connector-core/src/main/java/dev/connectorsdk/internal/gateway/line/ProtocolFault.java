package dev.connectorsdk.internal.gateway.line;

/** The peer sent what the protocol does not allow, which ends the line. */
final class ProtocolFault extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param what was sent
   */
  ProtocolFault(String what) {
    super(what);
  }
}

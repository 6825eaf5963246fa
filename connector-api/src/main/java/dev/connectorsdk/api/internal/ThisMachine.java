package dev.connectorsdk.api.internal;

/** Which hosts are the machine itself, so that what is sent there crosses no network. */
public final class ThisMachine {

  private ThisMachine() {}

  /**
   * Returns whether a host is {@code localhost}, 127.0.0.1 or ::1, in upper or lower case. Names
   * that merely resolve to such an address are not: whoever answers for the name could change that.
   *
   * @param host an IPv6 address with or without brackets
   */
  public static boolean is(String host) {
    return host.equalsIgnoreCase("localhost") || isAddress(host);
  }

  /** Returns the same, but only for the two addresses; RFC 8252 section 8.3. */
  public static boolean isAddress(String host) {
    return host.equals("127.0.0.1") || host.equals("::1") || host.equals("[::1]");
  }
}

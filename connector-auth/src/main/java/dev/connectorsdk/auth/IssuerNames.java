package dev.connectorsdk.auth;

import java.util.regex.Pattern;

/** Says how the name of an issuer differs from the one that was expected. */
final class IssuerNames {

  /** What somebody else says of itself is shown if it looks like an issuer. */
  private static final Pattern SHOWN = Pattern.compile("https?://[A-Za-z0-9._~:/%-]{1,200}");

  private IssuerNames() {}

  /**
   * Returns the end of a sentence that begins with the issuer.
   *
   * @param named what an answer, a token or a callback names; empty if it names none
   * @param expected what the scheme names
   */
  static String differ(String named, String expected) {
    if (named.isEmpty()) {
      return "is missing, and should be " + expected;
    }
    String shown = SHOWN.matcher(named).matches() ? named : "another one";
    boolean byTheSlash = (named + "/").equals(expected) || named.equals(expected + "/");
    return "is "
        + shown
        + ", and should be "
        + expected
        + (byTheSlash ? "; they differ in the slash at the end, which counts" : "");
  }
}

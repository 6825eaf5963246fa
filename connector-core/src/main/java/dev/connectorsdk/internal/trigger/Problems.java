package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.ConnectorException;

/** What went wrong, as it can be stored. */
final class Problems {

  private static final int LONGEST = 2_000;

  /** What stands for characters that no store can keep. */
  private static final int UNKNOWN = 0xFFFD;

  private Problems() {}

  /** Returns what a failure says, which may come from a service or a handler. */
  static String of(ConnectorException failure) {
    return storable(String.valueOf(failure.getMessage()));
  }

  /** Returns a text of at most 2,000 characters, without U+0000 and lone surrogates. */
  static String storable(String text) {
    StringBuilder storable = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean isLoneSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (storable.length() + Character.charCount(c) > LONGEST) {
        break;
      }
      storable.appendCodePoint(c == 0 || isLoneSurrogate ? UNKNOWN : c);
    }
    return storable.toString();
  }

  /** Throws what the JVM may not survive, once it was noted; the rest has been dealt with. */
  static void passOn(Throwable thrown) {
    if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
      throw error;
    }
  }
}

package dev.connectorsdk.internal.definition.document;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Adds the braces that a file lost at its very end, where nothing else can be missing. */
final class MissingEnd {

  private static final int MOST = 3;

  private final Deque<Character> open = new ArrayDeque<>();
  private boolean inString;
  private char last = ' ';

  private MissingEnd() {}

  /**
   * Returns the document with its last closing braces and brackets, or {@code null} if more is
   * missing than a few of these: a file may also have been cut off in the middle.
   */
  static @Nullable String completed(String text) {
    MissingEnd end = new MissingEnd();
    if (!end.isBalanced(text) || !end.isMissing()) {
      return null;
    }
    StringBuilder completed = new StringBuilder(text);
    end.open.forEach(completed::append);
    return completed.toString();
  }

  private boolean isMissing() {
    boolean ended = last == '}' || last == ']';
    return ended && !inString && !open.isEmpty() && open.size() <= MOST;
  }

  /** Returns whether all that closes has been opened. */
  private boolean isBalanced(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!inString) {
        if (!enter(c)) {
          return false;
        }
      } else if (c == '\\') {
        i++;
      } else if (c == '"') {
        inString = false;
      }
    }
    return true;
  }

  private boolean enter(char c) {
    last = Character.isWhitespace(c) ? last : c;
    switch (c) {
      case '"' -> inString = true;
      case '{' -> open.push('}');
      case '[' -> open.push(']');
      case '}', ']' -> {
        return !open.isEmpty() && open.pop() == c;
      }
      default -> {}
    }
    return true;
  }
}

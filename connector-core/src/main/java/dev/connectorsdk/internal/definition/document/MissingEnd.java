package dev.connectorsdk.internal.definition.document;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Adds the braces that a file lost at its very end, where nothing else can be missing. */
final class MissingEnd {

  private static final int MOST = 3;

  private MissingEnd() {}

  /**
   * Returns the document with its last closing braces and brackets, or {@code null} if more is
   * missing than a few of these: a file may also have been cut off in the middle.
   */
  static @Nullable String completed(String text) {
    Deque<Character> open = new ArrayDeque<>();
    boolean inString = false;
    char last = ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inString = false;
        }
      } else {
        switch (c) {
          case '"' -> inString = true;
          case '{' -> open.push('}');
          case '[' -> open.push(']');
          case '}', ']' -> {
            if (open.isEmpty() || open.pop() != c) {
              return null;
            }
          }
          default -> {}
        }
        last = Character.isWhitespace(c) ? last : c;
      }
    }
    if (inString || open.isEmpty() || open.size() > MOST || (last != '}' && last != ']')) {
      return null;
    }
    StringBuilder completed = new StringBuilder(text);
    open.forEach(completed::append);
    return completed.toString();
  }
}

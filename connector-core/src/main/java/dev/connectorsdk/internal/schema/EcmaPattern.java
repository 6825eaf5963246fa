package dev.connectorsdk.internal.schema;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a regular expression of ECMA-262, which JSON Schema has, as Java's. What Java does not
 * know stays as it is, to be refused.
 */
final class EcmaPattern {

  /** Letters that mean themselves behind a backslash, and are an error in Java. */
  private static final String THEMSELVES = "CEFIJKLMNOTUYgijlmoqy";

  private static final Pattern REPETITION = Pattern.compile("\\{\\d+(,\\d*)?}");

  private final String ecma;
  private final StringBuilder java = new StringBuilder();
  private boolean isInClass;

  private EcmaPattern(String ecma) {
    this.ecma = ecma;
  }

  /**
   * Compiles a regular expression.
   *
   * @throws PatternSyntaxException if it is none that Java knows
   */
  static Pattern compile(String ecma) {
    return Pattern.compile(new EcmaPattern(ecma).translated());
  }

  private String translated() {
    for (int i = 0; i < ecma.length(); ) {
      i += ecma.charAt(i) == '\\' ? escape(i) : character(i);
    }
    return java.toString();
  }

  /** Returns how many characters were read. */
  private int escape(int at) {
    if (at + 1 == ecma.length()) {
      java.append('\\');
      return 1;
    }
    char c = ecma.charAt(at + 1);
    if ("pPux".indexOf(c) >= 0 && ecma.startsWith("{", at + 2)) {
      return inBraces(at);
    }
    if (c == '0') {
      java.append("\\x00");
    } else if (c == 'v') {
      java.append("\\x0B"); // In Java a class of seven.
    } else if (c == 'b' && isInClass) {
      java.append("\\x08");
    } else if (THEMSELVES.indexOf(c) >= 0) {
      java.append(c);
    } else {
      java.append('\\').append(c);
    }
    return 2;
  }

  /** A property, {@code \p{L}}, or a character by its number, {@code \x{1F600}} in Java. */
  private int inBraces(int at) {
    int close = ecma.indexOf('}', at);
    int end = close < 0 ? ecma.length() : close + 1;
    java.append('\\');
    java.append(ecma.charAt(at + 1) == 'u' ? 'x' : ecma.charAt(at + 1));
    java.append(ecma, at + 2, end);
    return end - at;
  }

  private int character(int at) {
    char c = ecma.charAt(at);
    return isInClass ? inClass(c, at) : outside(c, at);
  }

  private int inClass(char c, int at) {
    if (c == '[') {
      java.append("\\["); // In Java a class within the class.
    } else if (c == '&' && ecma.startsWith("&&", at)) {
      java.append("\\&");
    } else {
      isInClass = c != ']';
      java.append(c);
    }
    return 1;
  }

  private int outside(char c, int at) {
    if (ecma.startsWith("[^]", at)) {
      java.append("[\\s\\S]");
      return 3;
    }
    if (ecma.startsWith("[]", at)) {
      java.append("(?!)");
      return 2;
    }
    if (c == '$') {
      java.append("\\z"); // In Java it matches before a final line break, too.
    } else if (c == '{' && !REPETITION.matcher(ecma).region(at, ecma.length()).lookingAt()) {
      java.append("\\{");
    } else {
      isInClass = c == '[';
      java.append(c);
    }
    return 1;
  }
}

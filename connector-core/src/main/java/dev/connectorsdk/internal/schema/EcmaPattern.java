package dev.connectorsdk.internal.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a regular expression of ECMA-262, which JSON Schema has, as Java's. What Java does not
 * know stays as it is, to be refused. What ECMA-262 does not know stays as well, with Java's
 * meaning: {@code \A}, {@code \z}, {@code (?i)}.
 */
final class EcmaPattern {

  /** Letters that mean themselves behind a backslash, and something else or nothing in Java. */
  private static final String THEMSELVES = "CEFGHIJKLMNOQRTUVXYaeghijklmoqy";

  private static final String SPACES =
      "\\t\\n\\x0B\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
  private static final String WORD = "[A-Za-z0-9_]";

  private static final Map<Character, String> IN_CLASS = Map.of('s', SPACES, 'b', "\\x08");

  private static final Map<Character, String> OUTSIDE =
      Map.of(
          's',
          "[" + SPACES + "]",
          'S',
          "[^" + SPACES + "]",
          // In Java before 19 by letters of all scripts.
          'b',
          "(?:(?<=WORD)(?!WORD)|(?<!WORD)(?=WORD))".replace("WORD", WORD),
          'B',
          "(?:(?<=WORD)(?=WORD)|(?<!WORD)(?!WORD))".replace("WORD", WORD));

  /** Names of categories that Java knows by their short form alone. */
  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("Letter", "L"),
          Map.entry("Lowercase_Letter", "Ll"),
          Map.entry("Uppercase_Letter", "Lu"),
          Map.entry("Titlecase_Letter", "Lt"),
          Map.entry("Modifier_Letter", "Lm"),
          Map.entry("Other_Letter", "Lo"),
          Map.entry("Mark", "M"),
          Map.entry("Number", "N"),
          Map.entry("Decimal_Number", "Nd"),
          Map.entry("Punctuation", "P"),
          Map.entry("Symbol", "S"),
          Map.entry("Separator", "Z"),
          Map.entry("Space_Separator", "Zs"),
          Map.entry("Other", "C"),
          Map.entry("Control", "Cc"),
          Map.entry("Alphabetic", "IsAlphabetic"),
          Map.entry("Lowercase", "IsLowercase"),
          Map.entry("Uppercase", "IsUppercase"),
          Map.entry("White_Space", "IsWhite_Space"));

  private static final Pattern REPETITION = Pattern.compile("\\{\\d+(,\\d*)?}");
  private static final Pattern NAMED = Pattern.compile("\\(\\?<([^=!>][^>]*)>");
  private static final Pattern REFERENCE = Pattern.compile("\\\\k<([^>]*)>");
  private static final Pattern NUMBERED = Pattern.compile("\\\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})");

  private final String ecma;
  private final StringBuilder java = new StringBuilder();
  private final List<String> groups = new ArrayList<>();
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
    Matcher named = NAMED.matcher(ecma);
    while (named.find()) {
      groups.add(named.group(1));
    }
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
    return switch (c) {
      case 'p', 'P' -> ecma.startsWith("{", at + 2) ? property(at) : escaped(c);
      case 'x', 'u' -> numbered(at);
      case 'c' -> control(at);
      case 'k' -> reference(at);
      case '0' -> written("\\x00", 2);
      case 'v' -> written("\\x0B", 2); // In Java a class of seven.
      default -> escaped(c);
    };
  }

  private int written(String translation, int read) {
    java.append(translation);
    return read;
  }

  private int escaped(char c) {
    String other = (isInClass ? IN_CLASS : OUTSIDE).get(c);
    if (other != null) {
      return written(other, 2);
    }
    boolean isItself = THEMSELVES.indexOf(c) >= 0 || (isInClass && c == 'B');
    return written(isItself ? String.valueOf(c) : "\\" + c, 2);
  }

  private int property(int at) {
    int close = ecma.indexOf('}', at);
    if (close < 0) {
      return written("\\" + ecma.charAt(at + 1), 2);
    }
    String name = ecma.substring(at + 3, close);
    String known = CATEGORIES.getOrDefault(name, name);
    return written("\\" + ecma.charAt(at + 1) + "{" + known + "}", close + 1 - at);
  }

  /** A character by its number, for which Java has a letter less. */
  private int numbered(int at) {
    int close = ecma.startsWith("{", at + 2) ? ecma.indexOf('}', at) : -1;
    if (close > 0) {
      return written("\\x" + ecma.substring(at + 2, close + 1), close + 1 - at);
    }
    Matcher number = NUMBERED.matcher(ecma).region(at, ecma.length());
    return number.lookingAt()
        ? written(number.group(), number.end() - at)
        : written(String.valueOf(ecma.charAt(at + 1)), 2);
  }

  /** In Java a small letter would be another character. */
  private int control(int at) {
    char letter = at + 2 < ecma.length() ? ecma.charAt(at + 2) : ' ';
    boolean isLetter = (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z';
    return isLetter ? written("\\x%02X".formatted(letter % 32), 3) : written("\\\\", 1);
  }

  private int reference(int at) {
    Matcher name = REFERENCE.matcher(ecma).region(at, ecma.length());
    return name.lookingAt() && groups.contains(name.group(1))
        ? written("\\k<" + javaName(name.group(1)) + ">", name.end() - at)
        : escaped('k');
  }

  /** Names may have signs that Java does not allow. */
  private String javaName(String name) {
    return "g" + groups.indexOf(name);
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
    return switch (c) {
      case '[' -> bracket(at);
      case '(' -> group(at);
      case '$' -> written("\\z", 1); // In Java it matches before a final line break, too.
      case '.' -> written("[^\\n\\r\\u2028\\u2029]", 1);
      case '{' ->
          REPETITION.matcher(ecma).region(at, ecma.length()).lookingAt()
              ? written("{", 1)
              : written("\\{", 1);
      default -> written(String.valueOf(c), 1);
    };
  }

  private int bracket(int at) {
    if (ecma.startsWith("[^]", at)) {
      return written("[\\s\\S]", 3);
    }
    if (ecma.startsWith("[]", at)) {
      return written("(?!)", 2);
    }
    isInClass = true;
    return written("[", 1);
  }

  private int group(int at) {
    Matcher name = NAMED.matcher(ecma).region(at, ecma.length());
    return name.lookingAt()
        ? written("(?<" + javaName(name.group(1)) + ">", name.end() - at)
        : written("(", 1);
  }
}

package dev.connectorsdk.internal.schema;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;

/**
 * A regular expression that gives up instead of taking exponential time. The JDK's engine
 * backtracks; every step of it reads a character, so reads are counted.
 */
final class BoundedPattern implements RegularExpression {

  private static final int MAX_READS = 250_000;

  /** The pattern needs more than the allowed number of steps for a text. */
  static final class TooComplex extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooComplex(String regex) {
      super(regex, null, false, false);
    }
  }

  private final String regex;
  private final Pattern pattern;

  BoundedPattern(String regex) {
    this.regex = regex;
    this.pattern = Pattern.compile(endingAsInEcmaScript(regex));
  }

  @Override
  public boolean matches(String text) {
    try {
      return pattern.matcher(new CountedText(text)).find();
    } catch (StackOverflowError e) {
      // The engine recurses for each repetition of a group.
      throw new TooComplex(regex);
    }
  }

  /** In Java, {@code $} also matches before a final line break. */
  private static String endingAsInEcmaScript(String regex) {
    if (!regex.endsWith("$")) {
      return regex;
    }
    int backslashes = 0;
    for (int i = regex.length() - 2; i >= 0 && regex.charAt(i) == '\\'; i--) {
      backslashes++;
    }
    return backslashes % 2 == 0 ? regex.substring(0, regex.length() - 1) + "\\z" : regex;
  }

  private final class CountedText implements CharSequence {

    private final String text;
    private int reads;

    CountedText(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++reads > MAX_READS + text.length()) {
        throw new TooComplex(regex);
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}

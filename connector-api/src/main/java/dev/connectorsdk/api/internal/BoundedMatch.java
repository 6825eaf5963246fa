package dev.connectorsdk.api.internal;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matches regular expressions of other people, and gives up instead of taking exponential time. The
 * JDK's engine backtracks; every step of it reads a character, so reads are counted.
 */
public final class BoundedMatch {

  private static final int MAX_READS = 250_000;

  private BoundedMatch() {}

  /** Whether a pattern matches. */
  public enum Verdict {
    YES,
    NO,
    /** It takes too long to find out. */
    TOO_COMPLEX;

    static Verdict of(boolean matches) {
      return matches ? YES : NO;
    }
  }

  /** Returns whether a pattern matches a text as a whole. */
  public static Verdict matches(Pattern pattern, String text) {
    return decide(pattern, text, Matcher::matches);
  }

  /** Returns whether a pattern matches a part of a text. */
  public static Verdict find(Pattern pattern, String text) {
    return decide(pattern, text, Matcher::find);
  }

  private static Verdict decide(Pattern pattern, String text, Predicate<Matcher> question) {
    try {
      return Verdict.of(question.test(pattern.matcher(new CountedText(text))));
    } catch (TooManyReads | StackOverflowError e) {
      // The engine recurses for each repetition of a group.
      return Verdict.TOO_COMPLEX;
    }
  }

  private static final class TooManyReads extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyReads() {
      super(null, null, false, false);
    }
  }

  private static final class CountedText implements CharSequence {

    private final String text;
    private int reads;

    CountedText(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++reads > MAX_READS + text.length()) {
        throw new TooManyReads();
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

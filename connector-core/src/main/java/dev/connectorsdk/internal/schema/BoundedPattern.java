package dev.connectorsdk.internal.schema;

import com.networknt.schema.regex.RegularExpression;
import dev.connectorsdk.api.internal.BoundedMatch;
import java.util.regex.Pattern;

/** A regular expression of a schema, with the semantics of ECMAScript where Java's differ. */
final class BoundedPattern implements RegularExpression {

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
    this.pattern = EcmaPattern.compile(regex);
  }

  @Override
  public boolean matches(String text) {
    return switch (BoundedMatch.find(pattern, text)) {
      case YES -> true;
      case NO -> false;
      case TOO_COMPLEX -> throw new TooComplex(regex);
    };
  }
}

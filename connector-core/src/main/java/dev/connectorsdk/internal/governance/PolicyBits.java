package dev.connectorsdk.internal.governance;

import java.util.function.IntPredicate;

/** Some of a list of policies, one bit for each. Immutable. */
final class PolicyBits {

  private final long[] words;

  private PolicyBits(long[] words) {
    this.words = words;
  }

  /**
   * @param policies how many there are
   * @param included by their places in the list
   */
  static PolicyBits of(int policies, IntPredicate included) {
    long[] words = new long[(policies + Long.SIZE - 1) / Long.SIZE];
    for (int i = 0; i < policies; i++) {
      if (included.test(i)) {
        words[i / Long.SIZE] |= 1L << i;
      }
    }
    return new PolicyBits(words);
  }

  int words() {
    return words.length;
  }

  long word(int index) {
    return words[index];
  }

  boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  boolean contains(int policy) {
    return (words[policy / Long.SIZE] & (1L << policy)) != 0;
  }

  /** Returns the first policy; there must be one. */
  int first() {
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        return i * Long.SIZE + Long.numberOfTrailingZeros(words[i]);
      }
    }
    throw new IllegalStateException("No policy");
  }

  boolean intersects(PolicyBits other) {
    for (int i = 0; i < words.length; i++) {
      if ((words[i] & other.words[i]) != 0) {
        return true;
      }
    }
    return false;
  }
}

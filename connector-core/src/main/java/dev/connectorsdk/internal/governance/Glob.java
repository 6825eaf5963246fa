package dev.connectorsdk.internal.governance;

/** A pattern in which {@code *} stands for any number of characters. */
record Glob(String pattern) {

  static final Glob ANYTHING = new Glob("*");

  /** In time proportional to pattern times text at most. */
  boolean matches(String text) {
    int at = 0;
    int star = -1;
    int retry = 0;
    for (int i = 0; i < text.length(); ) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = i;
      } else if (at < pattern.length() && pattern.charAt(at) == text.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++retry;
      } else {
        return false;
      }
    }
    return isOnlyStarsFrom(at);
  }

  private boolean isOnlyStarsFrom(int at) {
    return pattern.chars().skip(at).allMatch(c -> c == '*');
  }
}

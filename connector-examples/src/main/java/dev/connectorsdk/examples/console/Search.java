package dev.connectorsdk.examples.console;

import java.util.Arrays;
import java.util.Locale;

/** Whether texts hold what somebody searches for. */
final class Search {

  private Search() {}

  /** Returns whether each word is in one of the texts, whatever the case. */
  static boolean matches(String words, String... texts) {
    return Arrays.stream(words.strip().split("\\s+", -1))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .allMatch(
            word ->
                Arrays.stream(texts)
                    .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(word)));
  }
}

package dev.connectorsdk.examples.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that somebody may have meant. */
final class Similar {

  private Similar() {}

  /** Returns at most {@code limit} names that differ little from, or contain, {@code name}. */
  static List<String> to(String name, List<String> names, int limit) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return names.stream()
        .filter(candidate -> distance(wanted, candidate) <= Math.max(2, wanted.length() / 3))
        .sorted(Comparator.comparingInt(candidate -> distance(wanted, candidate)))
        .limit(limit)
        .toList();
  }

  private static int distance(String wanted, String candidate) {
    String lower = candidate.toLowerCase(Locale.ROOT);
    if (wanted.length() > 2 && lower.contains(wanted)) {
      return 0;
    }
    int[] row = new int[lower.length() + 1];
    for (int j = 0; j <= lower.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wanted.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= lower.length(); j++) {
        int changed = diagonal + (wanted.charAt(i - 1) == lower.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[lower.length()];
  }
}

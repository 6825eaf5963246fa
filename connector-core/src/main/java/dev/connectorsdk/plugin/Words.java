package dev.connectorsdk.plugin;

import dev.connectorsdk.api.Effect;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What names give away. */
final class Words {

  private static final Pattern BOUNDARY =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+");

  private static final Set<String> READING = Set.of("get", "list", "search", "find");
  private static final Set<String> REMOVING = Set.of("delete", "remove");

  private static final Set<String> SECRET =
      Set.of("secret", "password", "passwd", "passphrase", "apikey", "accesskey", "privatekey");

  private Words() {}

  static List<String> of(String name) {
    return BOUNDARY
        .splitAsStream(name)
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Returns whether a parameter of this name probably holds a secret. */
  static boolean soundSecret(String name) {
    List<String> words = of(name);
    if (words.stream().anyMatch(SECRET::contains)) {
      return true;
    }
    if (words.isEmpty() || words.contains("public")) {
      return false;
    }
    String last = words.get(words.size() - 1);
    return last.equals("key") || last.equals("token");
  }

  /** Returns whether an action of this name probably does something else than its effect says. */
  static boolean contradict(String name, Effect effect) {
    List<String> words = of(name);
    if (words.isEmpty() || words.contains("or")) {
      return false;
    }
    String first = words.get(0);
    return switch (effect) {
      case READ -> REMOVING.contains(first);
      case WRITE, DESTRUCTIVE -> READING.contains(first);
      case IDEMPOTENT_WRITE -> false;
    };
  }
}

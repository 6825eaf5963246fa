package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server says in words of its own, as far as it may stand in a message. Free text can echo
 * what was sent, in this request or in another one. So only what looks like a word of a sentence is
 * kept, and of that nothing that was sent as a secret.
 */
final class ServerWords {

  private static final int LONGEST = 200;
  private static final int LONGEST_READ = 2_000;
  private static final String LEFT_OUT = "...";

  /** Words, short numbers, codes such as AADSTS7000215, and names such as client_id or BAD_CODE. */
  private static final Pattern WORD =
      Pattern.compile(
          "[(\"']?([A-Za-z]{1,20}([-'][A-Za-z]{1,20})?|[0-9]{1,6}|[A-Z]{2,10}[0-9]{1,8}"
              + "|[A-Za-z]{1,20}(_[A-Za-z]{1,20}){1,5})[)\"']?[.,:;!?]?");

  private static final Pattern PART = Pattern.compile("\\S+");

  private final List<String> secrets;

  /**
   * @param secrets what was sent and must not come back
   */
  ServerWords(Collection<String> secrets) {
    this.secrets = secrets.stream().filter(secret -> !secret.isBlank()).toList();
  }

  /** Returns the words that may be shown, on one line; empty if there are none. */
  String of(@Nullable Secret said) {
    if (said == null) {
      return "";
    }
    String text = said.reveal();
    for (String secret : secrets) {
      text = text.replace(secret, LEFT_OUT);
    }
    StringJoiner words = new StringJoiner(" ");
    boolean any = false;
    String last = "";
    Matcher found = PART.matcher(text);
    while (found.find() && found.end() <= LONGEST_READ) {
      boolean shown = WORD.matcher(found.group()).matches();
      String word = shown ? found.group() : LEFT_OUT;
      if (shown || !word.equals(last)) {
        if (words.length() + word.length() >= LONGEST) {
          break;
        }
        words.add(word);
      }
      any |= shown;
      last = word;
    }
    return any ? words.toString() : "";
  }

  /** Returns a text without what was sent. */
  @Override
  public String toString() {
    return "***";
  }
}

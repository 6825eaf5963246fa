package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.Principal;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Texts of the runtime, which programs log too, in the words of the pages. */
final class RuntimeTexts {

  private static final Pattern REFERENCE = Pattern.compile("^Reference '");
  private static final Pattern STATUS =
      Pattern.compile("\\bis (UNAUTHENTICATED|ERROR|DISABLED)(?: \\(([A-Z_]+)\\))?");
  private static final Pattern SOMEBODY =
      Pattern.compile("\\b(?:user|service|group):[^\\s,;()\\[\\]'\"]+");

  private RuntimeTexts() {}

  /** Returns a text with states in words, and people by the names that the host knows. */
  static String inWords(Visit visit, String text) {
    String called = REFERENCE.matcher(text).replaceFirst("Connection reference '");
    String stated =
        STATUS.matcher(called).replaceAll(found -> Matcher.quoteReplacement(status(found)));
    return SOMEBODY
        .matcher(stated)
        .replaceAll(found -> Matcher.quoteReplacement(named(visit, found.group())));
  }

  private static String status(MatchResult found) {
    return Stream.of(Reason.values())
        .filter(reason -> reason.name().equals(found.group(2)))
        .findFirst()
        .map(RuntimeTexts::status)
        .orElseGet(() -> found.group(1).equals("DISABLED") ? "is disabled" : "does not work");
  }

  private static String status(Reason reason) {
    return switch (reason) {
      case CONSENT_PENDING -> "waits for its owner to sign in";
      case NOT_TESTED -> "is not tested yet";
      case CREDENTIALS_REJECTED -> "has credentials that the service refuses";
      case GRANT_ENDED -> "has a sign-in that has ended";
      case CREDENTIALS_EXPIRED -> "has credentials that have expired";
      case TEST_FAILED -> "has failed its test";
      case CONFIGURATION -> "does not work with the values that it has";
      case CREDENTIALS_UNREADABLE -> "has credentials that cannot be read";
      case NOT_UNDERSTOOD -> "was written by a later version and cannot be read";
      case DELETED -> "is deleted";
      case ADMINISTRATOR -> "is disabled by an administrator";
      case HANDED_OVER -> "waits for the credentials of its new owner";
      case CONNECTOR_MISSING -> "has a connector that is not here any more";
      case POLICY -> "is blocked by a data policy";
    };
  }

  /** The text may end a sentence, so that marks at its end may not be part of the id. */
  private static String named(Visit visit, String text) {
    int end = text.length();
    while (end > 0) {
      Optional<String> name =
          Entered.principal(Optional.of(text.substring(0, end))).flatMap(who -> known(visit, who));
      if (name.isPresent()) {
        return name.get() + text.substring(end);
      }
      if (".:!?".indexOf(text.charAt(end - 1)) < 0) {
        return text;
      }
      end--;
    }
    return text;
  }

  private static Optional<String> known(Visit visit, Principal who) {
    return Optional.of(visit.name(who)).filter(name -> !name.equals(who.toString()));
  }
}

package dev.connectorsdk.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The error codes of OAuth 2.0 and OpenID Connect, and those of providers of their own. A code on
 * this list may stand in a message; what else a server says is free text that can echo what was
 * sent.
 */
final class ErrorCodes {

  /** What is given for any code that is not listed. */
  static final String UNLISTED = "an unlisted error code";

  static final String INVALID_CLIENT = "invalid_client";

  private static final String INVALID_GRANT = "invalid_grant";
  private static final int MOST_WORDS = 6;
  private static final int LONGEST = 100;
  private static final Pattern ONE_WORD = Pattern.compile("\\s*\\S+\\s*");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");
  private static final Pattern INSIDE_CAMEL_CASE = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  /** What providers say where RFC 6749 has {@code invalid_grant}: GitHub, HubSpot, Slack, Zoho. */
  private static final Set<String> OF_ENDED_GRANTS =
      Set.of(
          "account_inactive",
          "bad_refresh_token",
          "bad_verification_code",
          "expired_refresh_token",
          "expired_token",
          "invalid_code",
          "invalid_refresh_token",
          "invalid_token",
          "refresh_token_expired",
          "refresh_token_invalid",
          "refresh_token_not_found",
          "refresh_token_revoked",
          "revoked_token",
          "token_expired",
          "token_revoked");

  private static final Set<String> LISTED =
      Set.of(
          // RFC 6749 sections 4.1.2.1 and 5.2
          "access_denied",
          INVALID_CLIENT,
          INVALID_GRANT,
          "invalid_request",
          "invalid_scope",
          "server_error",
          "temporarily_unavailable",
          "unauthorized_client",
          "unsupported_grant_type",
          "unsupported_response_type",
          // OpenID Connect Core 1.0 section 3.1.2.6
          "account_selection_required",
          "consent_required",
          "interaction_required",
          "login_required",
          // RFC 7591 section 3.2.2
          "invalid_client_metadata",
          "invalid_redirect_uri",
          "invalid_software_statement",
          "unapproved_software_statement",
          // RFC 8628 section 3.5
          "authorization_pending",
          "slow_down",
          // RFC 9449 sections 5 and 8
          "invalid_dpop_proof",
          "use_dpop_nonce",
          // RFC 8707 section 2
          "invalid_target");

  // The words that codes of providers are made of, such as RefreshTokenExpired.
  private static final Set<String> NO_LONGER_GOOD =
      words(
          "bad consumed deactivated deleted disabled ended expired inactive incorrect invalid"
              + " mismatch removed reused revoked suspended terminated unknown used wrong");
  private static final Set<String> AFTER_NOT = words("active exist found valid");
  private static final Set<String> OF_GRANTS =
      words("account assertion code consent grant jwt login refresh session token tokens user");
  private static final Set<String> OF_CLIENTS = words("app application client consumer");
  private static final Set<String> OF_REQUESTS =
      words(
          "argument arguments audience endpoint format header method parameter parameters redirect"
              + " request resource scope type uri url");
  private static final Set<String> OF_MOMENTS =
      words(
          "busy limit limited maintenance many overloaded rate ratelimited throttled timeout"
              + " unavailable");
  private static final Set<String> OF_SERVERS = words("fatal internal");
  private static final Set<String> BESIDE_THESE = words("already error id not server service");

  /** What a text is made of that is a code, and no sentence in which such words happen to be. */
  private static final Set<String> OF_CODES =
      Stream.of(
              NO_LONGER_GOOD,
              AFTER_NOT,
              OF_GRANTS,
              OF_CLIENTS,
              OF_REQUESTS,
              OF_MOMENTS,
              OF_SERVERS,
              BESIDE_THESE)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private ErrorCodes() {}

  /** Returns the code, in lower case, if it is on the list, else a fixed text. */
  static String printable(String code) {
    String lower = code.toLowerCase(Locale.ROOT);
    return LISTED.contains(lower) || OF_ENDED_GRANTS.contains(lower) ? lower : UNLISTED;
  }

  /**
   * Returns the code that counts for one that a token endpoint gave: the one that its scheme says
   * it stands for, itself if it is on the list, or the one of RFC 6749 that its words amount to.
   *
   * @param own the codes of RFC 6749 by those that stand for them, in lower case
   * @return a code on the list, or {@link #UNLISTED}
   */
  static String meant(String code, Map<String, String> own) {
    String declared = own.get(code.strip().toLowerCase(Locale.ROOT));
    if (declared != null) {
      return declared;
    }
    String printable = printable(code);
    String amounts = printable.equals(UNLISTED) ? byWords(code) : printable;
    return amounts == null ? UNLISTED : amounts;
  }

  /**
   * Returns whether a text is a code where nothing says that one is there: one word, nothing but
   * words that codes are made of, or one that its scheme or the list has. That a sentence speaks of
   * a revoked token says nothing of the grant.
   *
   * @param own as for {@link #meant}
   */
  static boolean isCode(String text, Map<String, String> own) {
    return ONE_WORD.matcher(text).matches()
        || own.containsKey(text.strip().toLowerCase(Locale.ROOT))
        || OF_CODES.containsAll(words(text));
  }

  private static @Nullable String byWords(String code) {
    Set<String> words = code.length() > LONGEST ? Set.of() : words(code);
    if (words.size() > MOST_WORDS) {
      return null;
    }
    if (isOneOf(words, OF_SERVERS)) {
      return "server_error";
    }
    if (isOneOf(words, OF_MOMENTS)) {
      return "temporarily_unavailable";
    }
    boolean isOver =
        isOneOf(words, NO_LONGER_GOOD) || (words.contains("not") && isOneOf(words, AFTER_NOT));
    return isOver ? whatIsOver(words) : null;
  }

  private static @Nullable String whatIsOver(Set<String> words) {
    if (isOneOf(words, OF_REQUESTS)) {
      return "invalid_request";
    }
    if (isOneOf(words, OF_CLIENTS)) {
      return INVALID_CLIENT;
    }
    return isOneOf(words, OF_GRANTS) ? INVALID_GRANT : null;
  }

  private static Set<String> words(String code) {
    String apart = INSIDE_CAMEL_CASE.matcher(code).replaceAll(" ").toLowerCase(Locale.ROOT);
    return Set.copyOf(Arrays.asList(BETWEEN_WORDS.split(apart.strip())));
  }

  private static boolean isOneOf(Set<String> words, Set<String> of) {
    return words.stream().anyMatch(of::contains);
  }

  /** Returns whether a provider says by its own code that a grant is no longer good. */
  static boolean isOfEndedGrant(String code) {
    return OF_ENDED_GRANTS.contains(code);
  }

  /** Returns whether a code is about the endpoint at this moment, whoever asks. */
  static boolean isOfMoment(String code) {
    return switch (code) {
      case "server_error", "temporarily_unavailable", "slow_down" -> true;
      default -> false;
    };
  }
}

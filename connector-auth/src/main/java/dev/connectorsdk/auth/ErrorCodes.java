package dev.connectorsdk.auth;

import java.util.Locale;
import java.util.Set;

/**
 * The error codes of OAuth 2.0 and OpenID Connect, and those of providers of their own. A code on
 * this list may stand in a message; what else a server says is free text that can echo what was
 * sent.
 */
final class ErrorCodes {

  /** What is given for any code that is not listed. */
  static final String UNLISTED = "an unlisted error code";

  /** What providers say where RFC 6749 has {@code invalid_grant}: GitHub, HubSpot, Slack, Zoho. */
  private static final Set<String> OF_ENDED_GRANTS =
      Set.of(
          "account_inactive",
          "bad_refresh_token",
          "bad_verification_code",
          "expired_refresh_token",
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
          "invalid_client",
          "invalid_grant",
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
          "expired_token",
          "slow_down",
          // RFC 9449 sections 5 and 8
          "invalid_dpop_proof",
          "use_dpop_nonce",
          // RFC 8707 section 2
          "invalid_target");

  private ErrorCodes() {}

  /** Returns the code, in lower case, if it is on the list, else a fixed text. */
  static String printable(String code) {
    String lower = code.toLowerCase(Locale.ROOT);
    return LISTED.contains(lower) || OF_ENDED_GRANTS.contains(lower) ? lower : UNLISTED;
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

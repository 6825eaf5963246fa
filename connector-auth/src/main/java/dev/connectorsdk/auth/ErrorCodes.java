package dev.connectorsdk.auth;

import java.util.Set;

/**
 * The error codes of OAuth 2.0 and OpenID Connect. A code on this list may stand in a message; what
 * else a server says is free text that can echo what was sent.
 */
final class ErrorCodes {

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

  /** Returns the code if it is on the list, else a fixed text. */
  static String printable(String code) {
    return LISTED.contains(code) ? code : "an unlisted error code";
  }
}

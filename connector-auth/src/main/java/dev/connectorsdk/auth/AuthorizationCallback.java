package dev.connectorsdk.auth;

import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.api.internal.Origin;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the browser brought back from a sign-in; RFC 6749 sections 4.1.2 and 4.1.2.1. */
final class AuthorizationCallback {

  private AuthorizationCallback() {}

  /**
   * Checks who sent the callback, errors included; RFC 9207 section 2.4. An issuer that nobody has
   * declared has to be of the origin to which the user was sent.
   *
   * @param issuer the connection's, or {@code null} if it is not known
   * @param sentTo the origin to which the user was sent, or {@code null} if it is not known
   * @param required whether the issuer says of itself that it names itself in callbacks
   */
  static void requireIssuer(
      Map<String, List<String>> callback,
      @Nullable String issuer,
      @Nullable String sentTo,
      boolean required) {
    List<String> named = callback.getOrDefault("iss", List.of());
    boolean fits =
        named.isEmpty() ? !required : named.size() == 1 && isFrom(named.get(0), issuer, sentTo);
    if (!fits) {
      throw new ConsentException(
          Reason.ISSUER_MISMATCH,
          "The callback is not from the connection's authorization server"
              + (named.size() == 1 && issuer != null
                  ? ": its issuer " + IssuerNames.differ(named.get(0), issuer)
                  : ""));
    }
  }

  private static boolean isFrom(String named, @Nullable String issuer, @Nullable String sentTo) {
    return issuer == null ? sentTo == null || sentTo.equals(origin(named)) : named.equals(issuer);
  }

  private static @Nullable String origin(String url) {
    try {
      return Origin.of(URI.create(url)).toString();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns the authorization code.
   *
   * @param name of the parameter that holds it
   * @throws ConsentException if there is none, or the parameters contradict each other
   */
  static String code(Map<String, List<String>> callback, String name) {
    if (callback.values().stream().anyMatch(values -> values.size() > 1)) {
      throw malformed("the callback has a parameter more than once");
    }
    String code = value(callback, name);
    String error = value(callback, "error");
    if (code != null && error != null) {
      throw malformed("the callback has both a code and an error");
    }
    if (error != null) {
      throw refusal(error);
    }
    if (code == null) {
      throw malformed("the callback has no code");
    }
    return code;
  }

  /** Returns the error of a callback; empty if it has none. */
  static String error(Map<String, List<String>> callback) {
    String error = value(callback, "error");
    return error == null ? "" : error;
  }

  /** Returns that a callback does not say where its code is to be exchanged. */
  static ConsentException lacking(List<String> names) {
    return malformed("the callback does not say where the tokens are: it lacks one of " + names);
  }

  private static @Nullable String value(Map<String, List<String>> callback, String name) {
    List<String> values = callback.getOrDefault(name, List.of());
    return values.isEmpty() || values.get(0).isBlank() ? null : values.get(0);
  }

  private static ConsentException refusal(String error) {
    Reason reason = reason(error);
    String problem =
        reason == Reason.ACCESS_DENIED
            ? "The sign-in was refused: "
            : "The service could not complete the sign-in: ";
    return new ConsentException(reason, problem + ErrorCodes.printable(error));
  }

  private static Reason reason(String error) {
    return switch (error) {
      case "access_denied" -> Reason.ACCESS_DENIED;
      case "login_required",
          "interaction_required",
          "consent_required",
          "account_selection_required" ->
          Reason.LOGIN_REQUIRED;
      case "invalid_scope" -> Reason.INVALID_SCOPE;
      case "server_error", "temporarily_unavailable" -> Reason.SERVER_ERROR;
      default -> Reason.PROVIDER_ERROR;
    };
  }

  private static ConsentException malformed(String problem) {
    return new ConsentException(Reason.MALFORMED, "The sign-in was not completed: " + problem);
  }
}

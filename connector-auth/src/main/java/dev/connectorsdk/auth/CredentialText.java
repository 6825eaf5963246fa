package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.Base64;
import java.util.function.IntPredicate;

/**
 * Reads credentials from connection parameters and checks that they can be sent as they are.
 * Nothing is stripped or replaced: a key with a line break at its end was pasted wrongly, and its
 * owner has to hear of it. Messages give the position, counted from 1, and never the value.
 */
final class CredentialText {

  private CredentialText() {}

  /** Returns a secret parameter, which must be there. */
  static String required(AuthContext context, String parameter) {
    Secret secret = context.secret(parameter);
    if (secret == null || secret.isEmpty()) {
      throw fault(context, parameter, "has no value");
    }
    return secret.reveal();
  }

  /** Returns {@code text} if a header can carry it; RFC 9110 section 5.5, without obsolete text. */
  static String header(AuthContext context, String parameter, String name, String text) {
    return checked(context, parameter, "header " + name, text, CredentialText::isHeaderCharacter);
  }

  /** Returns {@code text} if a cookie can carry it; RFC 6265 section 4.1.1. */
  static String cookie(AuthContext context, String parameter, String name, String text) {
    return checked(context, parameter, "cookie " + name, text, CredentialText::isCookieCharacter);
  }

  /** Returns {@code text} if HTTP Basic can carry it; RFC 7617 section 2. */
  static String withoutControls(AuthContext context, String parameter, String text) {
    return checked(context, parameter, "the value", text, c -> !Character.isISOControl(c));
  }

  /** Returns the bytes that a secret parameter, which must be there, gives in Base64. */
  static byte[] base64(AuthContext context, String parameter) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(required(context, parameter).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw fault(context, parameter, "is not Base64");
    }
    if (bytes.length == 0) {
      throw fault(context, parameter, "has no value");
    }
    return bytes;
  }

  static InvalidInputException fault(AuthContext context, String parameter, String problem) {
    return new InvalidInputException(
        "connection '" + context.connection() + "'", JsonPointers.child("", parameter), problem);
  }

  /** Returns whether a header can carry a text. */
  static boolean isForHeader(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isHeaderCharacter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHeaderCharacter(int c) {
    return (c >= ' ' && c <= '~') || c == '\t';
  }

  private static boolean isCookieCharacter(int c) {
    return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  private static String checked(
      AuthContext context, String parameter, String where, String text, IntPredicate allowed) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.test(text.charAt(i))) {
        throw fault(
            context,
            parameter,
            where + " contains a character at position " + (i + 1) + " that is not allowed");
      }
    }
    return text;
  }
}

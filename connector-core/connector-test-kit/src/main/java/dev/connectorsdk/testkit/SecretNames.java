package dev.connectorsdk.testkit;

import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which names of members and parameters say that what they name is secret. */
final class SecretNames {

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(token|secret|passw|passphrase|pwd|credential|signature|cookie|session|jwt|assertion"
              + "|verifier|nonce|authoriz|[cx]srf|api.?key|connection.?string"
              + "|(pass|auth|device).?code"
              + "|(private|access|account|shared|primary|secondary|sign(ing)?|hmac|master)"
              + "[-_. ]?key).*|key[12]|sig|otp");

  /** In JSON they are rather the key of an issue, or the state of an order. */
  private static final Pattern SECRET_OF_PARAMETERS = Pattern.compile("code|state|key|pin|auth");

  /** What is said about a secret, and is none. */
  private static final Pattern ABOUT_ONE =
      Pattern.compile(".*(type(.?hint)?|endpoint|ur[il]|expir(es|y|ation)?.?(in|at|on)?)");

  private static final Pattern LONG_CODE = Pattern.compile("(?=\\D*\\d)\\S{16,}");

  private SecretNames() {}

  static boolean isAboutOne(String name) {
    return ABOUT_ONE.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches() && !isAboutOne(name);
  }

  /** Returns whether all that is in a member of an object is secret. */
  static boolean isSecretMember(String name, JsonNode value) {
    return isSecret(name)
        || (isSecretInPlaces(name) && isLongCode(value))
        || (name.equalsIgnoreCase("keys") && areKeys(value));
  }

  /** Whatever lets somebody in is long and has a digit; the key of an issue is short. */
  private static boolean isLongCode(JsonNode value) {
    return value.isString() && LONG_CODE.matcher(value.asString()).matches();
  }

  /** Keys of RFC 7517 are public, unless they have their private part. */
  private static boolean areKeys(JsonNode list) {
    boolean objects = list.isArray() && !list.isEmpty();
    for (JsonNode key : list) {
      boolean isPublic = key.has("kty") && !key.has("d") && !key.has("k");
      objects &= key.isObject() && !isPublic;
    }
    return objects;
  }

  /** Returns whether the value of a parameter in a query or form is secret. */
  static boolean isSecretParameter(String name) {
    return isSecret(name) || isSecretInPlaces(name);
  }

  /** Returns whether a parameter is secret in some places, and means something else in others. */
  static boolean isSecretInPlaces(String name) {
    return SECRET_OF_PARAMETERS.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }
}

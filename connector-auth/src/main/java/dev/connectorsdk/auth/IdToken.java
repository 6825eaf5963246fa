package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Who signed in; OpenID Connect Core 1.0 section 2.
 *
 * <p>Issuer, audience, nonce and expiry are checked. The signature is not: the token comes straight
 * from the token endpoint over a connection whose server proved itself, and section 3.1.3.7 number
 * 6 lets that do. Nothing but the account's identity is taken from it.
 *
 * @param issuer who vouches for the account
 * @param account by its subject
 */
record IdToken(String issuer, Account account) {

  private static final Duration SKEW = Duration.ofSeconds(60);

  /**
   * Reads a token.
   *
   * @param issuer the only one to believe, or {@code null} if it is not known
   * @param nonce that the sign-in began with, or {@code null} if it had none
   * @return {@code null} if the token is encrypted
   * @throws ConsentException if it is not about this sign-in
   */
  static @Nullable IdToken read(
      Secret token, String clientId, @Nullable String issuer, @Nullable Secret nonce, Instant now) {
    String[] parts = token.reveal().split("\\.", -1);
    if (parts.length == 5) {
      return null;
    }
    AnswerBody claims = claims(parts);
    String iss = text(claims, "iss");
    String subject = text(claims, "sub");
    require(iss != null && subject != null, "it names no account");
    require(
        issuer == null || issuer.equals(iss),
        "its issuer " + IssuerNames.differ(String.valueOf(iss), String.valueOf(issuer)));
    require(isFor(claims, clientId), "it is for another client");
    require(isCurrent(claims.find(List.of("/exp")), now), "it has expired");
    require(nonce == null || isSame(nonce.reveal(), text(claims, "nonce")), "it has another nonce");
    return new IdToken(
        String.valueOf(iss), new Account(String.valueOf(subject), displayName(claims)));
  }

  private static boolean isCurrent(@Nullable JsonNode expiry, Instant now) {
    return expiry != null
        && expiry.isNumber()
        && now.minus(SKEW).getEpochSecond() < expiry.longValue();
  }

  private static AnswerBody claims(String[] parts) {
    String json = "";
    try {
      json = parts.length == 3 ? new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8) : "";
    } catch (IllegalArgumentException e) {
      // Not base64url, which the next line says.
    }
    AnswerBody claims = AnswerBody.of("application/json", json, Map.of());
    require(claims.isExactObject(), "it cannot be read");
    return claims;
  }

  private static boolean isFor(AnswerBody claims, String clientId) {
    String party = text(claims, "azp");
    JsonNode audience = claims.find(List.of("/aud"));
    if (audience == null || (party != null && !party.equals(clientId))) {
      return false;
    }
    return audience.isArray()
        ? audience.valueStream().anyMatch(one -> one.asString("").equals(clientId))
        : audience.asString("").equals(clientId);
  }

  private static @Nullable String displayName(AnswerBody claims) {
    for (String name : List.of("name", "preferred_username", "email")) {
      String text = text(claims, name);
      if (text != null && text.length() <= 200) {
        return text;
      }
    }
    return null;
  }

  private static @Nullable String text(AnswerBody claims, String name) {
    JsonNode value = claims.find(List.of("/" + name));
    return value != null && value.isString() ? value.stringValue() : null;
  }

  private static boolean isSame(String expected, @Nullable String found) {
    return found != null && MessageDigest.isEqual(expected.getBytes(UTF_8), found.getBytes(UTF_8));
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new ConsentException(
          Reason.IDENTITY_INVALID, "What says who signed in cannot be believed: " + problem);
    }
  }
}

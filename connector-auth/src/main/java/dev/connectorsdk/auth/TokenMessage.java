package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to a token endpoint, as it is put on the wire. The only class that knows the Nimbus
 * SDK.
 */
final class TokenMessage {

  private final Map<String, List<String>> form;
  private @Nullable String authorization;

  private TokenMessage(AuthorizationGrant grant) {
    form = new LinkedHashMap<>(grant.toParameters());
  }

  /** Returns a request for a token on the client's own behalf; RFC 6749 section 4.4. */
  static TokenMessage clientCredentials(List<String> scopes) {
    TokenMessage message = new TokenMessage(new ClientCredentialsGrant());
    if (!scopes.isEmpty()) {
      message.form.put("scope", List.of(String.join(" ", scopes)));
    }
    return message;
  }

  /**
   * Returns a request that exchanges an authorization code; RFC 6749 section 4.1.3.
   *
   * @param verifier the secret of PKCE, or {@code null} if it was begun without
   */
  static TokenMessage authorizationCode(String code, URI redirectUri, @Nullable Secret verifier) {
    return new TokenMessage(
        new AuthorizationCodeGrant(
            new AuthorizationCode(code),
            redirectUri,
            verifier == null ? null : new CodeVerifier(verifier.reveal())));
  }

  /** Returns a request that exchanges a refresh token; RFC 6749 section 6. */
  static TokenMessage refresh(Secret refreshToken) {
    return new TokenMessage(new RefreshTokenGrant(new RefreshToken(refreshToken.reveal())));
  }

  /** Adds parameters of the scheme; what the grant itself says stays. */
  TokenMessage with(Map<String, String> parameters) {
    parameters.forEach((name, value) -> form.putIfAbsent(name, List.of(value)));
    return this;
  }

  /** Adds the client, proved by exactly one method. */
  TokenMessage from(OAuthClient client) {
    ClientID id = new ClientID(client.id());
    Secret secret = client.secret();
    if (secret == null) {
      form.put("client_id", List.of(client.id()));
      return this;
    }
    var clientSecret = new com.nimbusds.oauth2.sdk.auth.Secret(secret.reveal());
    switch (client.method()) {
      case BASIC ->
          authorization = new ClientSecretBasic(id, clientSecret).toHTTPAuthorizationHeader();
      case POST -> form.putAll(new ClientSecretPost(id, clientSecret).toParameters());
      case NONE -> throw new IllegalArgumentException("A public client has no secret");
    }
    return this;
  }

  /** Returns the Authorization header, or {@code null} if the request has none. */
  @Nullable String authorization() {
    return authorization;
  }

  /** Returns the body, in {@code application/x-www-form-urlencoded}. */
  byte[] body() {
    return URLUtils.serializeParameters(form).getBytes(UTF_8);
  }

  /** Returns which grant it is, for logs. */
  String grantType() {
    return form.getOrDefault("grant_type", List.of("?")).get(0);
  }
}

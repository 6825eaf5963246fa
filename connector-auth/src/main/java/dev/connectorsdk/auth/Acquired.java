package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings together what the answers of one acquisition say; a later one counts before earlier. */
final class Acquired {

  private final StepValues values;
  private @Nullable Secret accessToken;
  private @Nullable Secret refreshToken;
  private @Nullable Instant expiresAt;
  private List<String> scopes = List.of();
  private final Map<String, Secret> named = new LinkedHashMap<>();
  private final Map<String, String> captured = new LinkedHashMap<>();
  private @Nullable Secret idToken;

  Acquired(StepValues values) {
    this.values = values;
  }

  StepValues values() {
    return values;
  }

  @Nullable Secret refreshToken() {
    return refreshToken;
  }

  void take(TokenAnswer.Granted answer) {
    if (answer.accessToken() != null || answer.expiresAt() != null) {
      // The expiry of another token says nothing of this one.
      expiresAt = answer.expiresAt();
    }
    accessToken = answer.accessToken() == null ? accessToken : answer.accessToken();
    refreshToken = answer.refreshToken() == null ? refreshToken : answer.refreshToken();
    if (!answer.scopes().isEmpty()) {
      scopes = answer.scopes();
      values.grant(scopes);
    }
    idToken = answer.idToken() == null ? idToken : answer.idToken();
    named.putAll(answer.named());
    captured.putAll(answer.captures());
    for (Map.Entry<String, Secret> value : answer.values().entrySet()) {
      values.put(value.getKey(), value.getValue());
    }
    for (Map.Entry<String, String> capture : answer.captures().entrySet()) {
      values.put(capture.getKey(), Secret.of(capture.getValue()));
    }
    values.put("access_token", accessToken);
    values.put("refresh_token", refreshToken);
  }

  TokenSet tokens(Instant now, TokenSet.TokenBinding binding, AuthContext context) {
    Secret token = accessToken;
    if (token == null) {
      throw new StepFailure(
          Kind.MISCONFIGURED,
          "none of the requests of connector '" + context.connector() + "' gets a token");
    }
    return new TokenSet(
        token,
        refreshToken,
        now,
        expiresAt,
        scopes,
        named,
        binding,
        new TokenSet.Beside(captured, idToken));
  }
}

package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceAnswer;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The messages of a sign-in on another device; RFC 8628 sections 3.2 and 3.5. */
final class DeviceFlow {

  private static final long STANDARD_INTERVAL = 5;
  private static final long STANDARD_LIFE = 600;
  private static final long LONGEST_LIFE = 24 * 3600;

  private DeviceFlow() {}

  static DeviceStart begin(
      OAuth2Scheme scheme,
      RequestTemplate request,
      TokenEndpoint endpoint,
      List<String> scopes,
      Map<String, Secret> memo) {
    Map<String, Secret> given =
        Map.of("scope", Secret.of(String.join(scheme.scopeSeparator(), scopes)));
    AnswerBody answer = endpoint.asked(request, endpoint.values(given));
    Map<String, Secret> all = new HashMap<>(memo);
    all.putAll(endpoint.endpoints().toValues());
    return start(answer, all);
  }

  private static DeviceStart start(AnswerBody answer, Map<String, Secret> memo) {
    URI uri = browserUri(text(answer, "/verification_uri", "/verification_url"));
    String deviceCode = text(answer, "/device_code");
    String userCode = text(answer, "/user_code");
    if (uri == null || deviceCode == null || userCode == null) {
      throw new StepFailure(
          Kind.MISCONFIGURED,
          "the endpoint for devices gave no codes, or an address that is not https");
    }
    return new DeviceStart(
        Secret.of(deviceCode),
        userCode,
        uri,
        browserUri(text(answer, "/verification_uri_complete")),
        Duration.ofSeconds(seconds(answer, "/interval", STANDARD_INTERVAL)),
        Duration.ofSeconds(seconds(answer, "/expires_in", STANDARD_LIFE)),
        memo);
  }

  /** Returns what follows when the token endpoint gave no token. */
  static DeviceAnswer answer(StepFailure failure, AuthContext context) {
    String code = failure.code() == null ? "" : failure.code();
    return switch (code) {
      case "authorization_pending" -> DeviceAnswer.PENDING;
      case "slow_down" -> DeviceAnswer.SLOW_DOWN;
      case "access_denied" ->
          throw new ConsentException(
              ConsentException.Reason.ACCESS_DENIED, "The sign-in was refused: access_denied");
      case "expired_token" ->
          throw new ConsentException(
              ConsentException.Reason.NOT_IN_TIME, "Nobody signed in on the other device in time");
      default -> throw refused(failure, code, context);
    };
  }

  private static RuntimeException refused(StepFailure failure, String code, AuthContext context) {
    return failure.kind() == Kind.GRANT_ENDED
        ? new ConsentException(
            ConsentException.Reason.PROVIDER_ERROR,
            "The service could not complete the sign-in: " + code)
        : failure.forSignIn(context.connection());
  }

  private static @Nullable String text(AnswerBody answer, String... places) {
    JsonNode found = answer.find(List.of(places));
    return found != null && found.isString() ? found.stringValue() : null;
  }

  private static long seconds(AnswerBody answer, String place, long standard) {
    JsonNode found = answer.find(List.of(place));
    long seconds = found == null ? standard : found.asLong(standard);
    return seconds <= 0 ? standard : Math.min(seconds, LONGEST_LIFE);
  }

  /** People are sent there: https, or this machine. */
  private static @Nullable URI browserUri(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      URI uri = URI.create(text);
      return Origin.of(uri).isSecure() ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

package dev.connectorsdk.examples.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Signature;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Deliveries of Atlassian Connect. Their JWT covers method, path and query by its claim {@code
 * qsh}, and neither body nor time of the delivery; the secret is that of the installation.
 */
final class AtlassianConnect {

  private static final String SCHEME = "JWT ";
  private static final long TOLERANCE = 300;

  private final String basePath;

  private AtlassianConnect(String basePath) {
    this.basePath = basePath;
  }

  /**
   * Returns the signature of an app's webhooks.
   *
   * @param baseUrl the app's, as its descriptor says, below which its callbacks are
   */
  static Signature below(URI baseUrl) {
    String path = baseUrl.getRawPath();
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return Signature.inCode(new AtlassianConnect(base)::verify).bodyIsNoId().build();
  }

  private void verify(Arrival arrival) throws GeneralSecurityException {
    JsonNode claims = claims(arrival);
    long now = arrival.at().getEpochSecond();
    if (claims.path("exp").asLong(0) < now - TOLERANCE) {
      throw new DeliveryRefusedException(Reason.LATE, "The JWT has expired");
    }
    if (claims.path("iat").asLong(Long.MAX_VALUE) > now + TOLERANCE) {
      throw new DeliveryRefusedException(Reason.EARLY, "The JWT is from the future");
    }
    byte[] asked =
        MessageDigest.getInstance("SHA-256")
            .digest(canonical(arrival.delivery(), arrival.callback().getRawPath()).getBytes(UTF_8));
    String expected = HexFormat.of().formatHex(asked);
    if (!MessageDigest.isEqual(
        expected.getBytes(UTF_8), claims.path("qsh").asString("").getBytes(UTF_8))) {
      throw new DeliveryRefusedException(Reason.WRONG, "The JWT is for another request");
    }
  }

  /** Returns the claims of a token, once its signature fits. */
  private static JsonNode claims(Arrival arrival) throws GeneralSecurityException {
    String given = arrival.delivery().header("authorization");
    if (given == null || !given.startsWith(SCHEME)) {
      throw new DeliveryRefusedException(Reason.MISSING, "There is no JWT");
    }
    String token = given.substring(SCHEME.length());
    int end = token.lastIndexOf('.');
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new DeliveryRefusedException(Reason.MALFORMED, "The JWT has not three parts");
    }
    if (!json(parts[0]).path("alg").asString("").equals("HS256")) {
      throw new DeliveryRefusedException(Reason.UNKNOWN, "The JWT names another algorithm");
    }
    byte[] signature = decoded(parts[2]);
    boolean fits = false;
    for (Secret secret : arrival.secrets()) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(UTF_8), "HmacSHA256"));
      fits |=
          MessageDigest.isEqual(mac.doFinal(token.substring(0, end).getBytes(UTF_8)), signature);
    }
    if (!fits) {
      throw new DeliveryRefusedException(Reason.WRONG, "The signature does not fit");
    }
    return json(parts[1]);
  }

  private static JsonNode json(String part) {
    try {
      return JsonMapper.shared().readTree(decoded(part));
    } catch (JacksonException e) {
      throw new DeliveryRefusedException(Reason.MALFORMED, "The JWT holds no JSON");
    }
  }

  private static byte[] decoded(String part) {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw new DeliveryRefusedException(Reason.MALFORMED, "The JWT is not in Base64");
    }
  }

  /** Returns what is hashed: the method, the path below the base URL, and the sorted query. */
  private String canonical(Delivery delivery, String path) {
    String below = path.startsWith(basePath) ? path.substring(basePath.length()) : path;
    String bare = below.replaceFirst("/+$", "");
    return delivery.method()
        + "&"
        + (bare.isEmpty() ? "/" : bare.replace("&", "%26"))
        + "&"
        + sorted(delivery.query());
  }

  private static String sorted(@Nullable String query) {
    Map<String, List<String>> values = new TreeMap<>();
    for (String field : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
      String[] pair = field.split("=", 2);
      String name = encoded(pair[0]);
      if (!name.equals("jwt")) {
        values
            .computeIfAbsent(name, none -> new ArrayList<>())
            .add(encoded(pair.length == 1 ? "" : pair[1]));
      }
    }
    return values.entrySet().stream()
        .map(
            field ->
                field.getKey()
                    + "="
                    + field.getValue().stream().sorted().collect(Collectors.joining(",")))
        .collect(Collectors.joining("&"));
  }

  /** Encodes as RFC 3986 says what was encoded in whatever way. */
  private static String encoded(String text) {
    return URLEncoder.encode(URLDecoder.decode(text, UTF_8), UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}

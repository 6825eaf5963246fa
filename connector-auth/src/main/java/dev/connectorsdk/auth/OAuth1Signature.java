package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth1Scheme.SignatureMethod;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.QueryParameter;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Signs requests, RFC 5849 section 3. */
final class OAuth1Signature implements Authenticator {

  private final OAuth1Scheme scheme;
  private final AuthContext context;
  private final @Nullable String realm;
  private final String consumerKey;
  private final String consumerSecret;
  private final String token;
  private final String tokenSecret;
  private final @Nullable PrivateKey privateKey;

  OAuth1Signature(
      OAuth1Scheme scheme,
      AuthContext context,
      @Nullable String realm,
      String consumerKey,
      String consumerSecret,
      String token,
      String tokenSecret,
      @Nullable PrivateKey privateKey) {
    this.scheme = scheme;
    this.context = context;
    this.realm = realm;
    this.consumerKey = consumerKey;
    this.consumerSecret = consumerSecret;
    this.token = token;
    this.tokenSecret = tokenSecret;
    this.privateKey = privateKey;
  }

  @Override
  public long authenticate(AuthRequest request) {
    byte[] nonce = new byte[16];
    context.random().nextBytes(nonce);
    sign(request, Long.toString(context.clock().instant().getEpochSecond()), Hashes.hex(nonce));
    return 0;
  }

  /** RFC 5849 section 3.2: 401 for bad credentials; some providers say 400 or 403 instead. */
  @Override
  public boolean isRefusal(HttpResponse answer) {
    String challenge = answer.header("WWW-Authenticate");
    return answer.status() == 401
        || (answer.status() >= 400
            && answer.status() < 500
            && challenge != null
            && challenge.toLowerCase(Locale.ROOT).contains("oauth_problem"));
  }

  void sign(AuthRequest request, String timestamp, String nonce) {
    Map<String, String> protocol = protocol(timestamp, nonce);
    protocol.put("oauth_signature", signature(request, protocol));
    String parameters =
        protocol.entrySet().stream()
            .map(p -> p.getKey() + "=\"" + PercentEncoding.encode(p.getValue()) + "\"")
            .collect(Collectors.joining(", "));
    request.setHeader(
        "Authorization",
        "OAuth " + (realm == null ? "" : "realm=\"" + realm + "\", ") + parameters);
  }

  private Map<String, String> protocol(String timestamp, String nonce) {
    Map<String, String> protocol = new LinkedHashMap<>();
    protocol.put("oauth_consumer_key", consumerKey);
    if (!token.isEmpty()) {
      protocol.put("oauth_token", token);
    }
    protocol.put("oauth_signature_method", scheme.method().wireName());
    protocol.put("oauth_timestamp", timestamp);
    protocol.put("oauth_nonce", nonce);
    if (scheme.version()) {
      protocol.put("oauth_version", "1.0");
    }
    return protocol;
  }

  private String signature(AuthRequest request, Map<String, String> protocol) {
    SignatureMethod method = scheme.method();
    String secrets =
        PercentEncoding.encode(consumerSecret) + "&" + PercentEncoding.encode(tokenSecret);
    if (method == SignatureMethod.PLAINTEXT) {
      requireTls(request.uri());
      return secrets;
    }
    byte[] text = baseString(request, protocol).getBytes(US_ASCII);
    byte[] signature =
        switch (method) {
          case RSA_SHA1 -> rsa(text);
          case HMAC_SHA256 -> Hashes.hmac("HmacSHA256", secrets.getBytes(US_ASCII), text);
          default -> Hashes.hmac("HmacSHA1", secrets.getBytes(US_ASCII), text);
        };
    return Base64.getEncoder().encodeToString(signature);
  }

  /** RFC 5849 section 3.4.4: the secrets are as good as open without TLS. */
  private void requireTls(URI uri) {
    if (!Origin.of(uri).scheme().equals("https")) {
      throw new AuthenticationException(
          context.connection(),
          Reason.CONFIGURATION,
          "OAuth 1.0 with PLAINTEXT sends secrets, and so only over https");
    }
  }

  private byte[] rsa(byte[] text) {
    try {
      Signature signature = Signature.getInstance("SHA1withRSA");
      signature.initSign(privateKey);
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AuthenticationException(
          context.connection(), Reason.CONFIGURATION, "its private key cannot sign");
    }
  }

  /** RFC 5849 section 3.4.1. */
  static String baseString(AuthRequest request, Map<String, String> protocol) {
    List<QueryParameter> all = new ArrayList<>();
    protocol.forEach((name, value) -> all.add(new QueryParameter(name, value)));
    all.addAll(QueryParameter.parse(request.uri().getRawQuery(), true));
    if (isForm(request)) {
      all.addAll(QueryParameter.parse(new String(request.body(), UTF_8), true));
    }
    String parameters =
        all.stream()
            .map(p -> new QueryParameter(encode(p.name()), encode(p.value())))
            .sorted(
                (one, other) -> {
                  int byName = one.name().compareTo(other.name());
                  return byName == 0 ? one.value().compareTo(other.value()) : byName;
                })
            .map(p -> p.name() + "=" + p.value())
            .collect(Collectors.joining("&"));
    return request.method() + "&" + encode(baseUri(request.uri())) + "&" + encode(parameters);
  }

  private static String encode(String text) {
    return PercentEncoding.encode(text);
  }

  /** RFC 5849 section 3.4.1.3.1: a body counts if it is a form, whose charset is of no matter. */
  private static boolean isForm(AuthRequest request) {
    String type = request.header("Content-Type");
    return type != null
        && type.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded");
  }

  /** RFC 5849 section 3.4.1.2. */
  private static String baseUri(URI uri) {
    String path = uri.getRawPath();
    return Origin.of(uri) + (path == null || path.isEmpty() ? "/" : path);
  }
}

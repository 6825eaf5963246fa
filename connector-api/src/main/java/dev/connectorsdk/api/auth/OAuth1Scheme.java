package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests signed with OAuth 1.0 credentials, RFC 5849 section 3, that the connection's owner got
 * elsewhere.
 *
 * <pre>{@code
 * OAuth1Scheme.hmacSha1()
 * OAuth1Scheme.hmacSha256().realm("{account}")   // {account} is a connection parameter
 * }</pre>
 *
 * <p>Sent in the Authorization header, with a new timestamp and nonce for each attempt. The
 * parameters are {@link #CONSUMER_KEY}, {@link #CONSUMER_SECRET} (with RSA-SHA1 {@link
 * #PRIVATE_KEY} in its place), {@link #TOKEN} and {@link #TOKEN_SECRET}; a connection without token
 * signs for the client alone.
 *
 * @param method how the signature is made
 * @param realm the realm of the Authorization header, which is not signed; may name connection
 *     parameters in braces
 * @param version whether {@code oauth_version} is sent, which is optional and seldom missed
 */
public record OAuth1Scheme(SignatureMethod method, @Nullable String realm, boolean version)
    implements AuthScheme {

  /** The connection parameter for the client's identifier. */
  public static final String CONSUMER_KEY = "consumer_key";

  /** The secret connection parameter for the client's secret. */
  public static final String CONSUMER_SECRET = "consumer_secret";

  /** The secret connection parameter for the client's RSA key in PEM. */
  public static final String PRIVATE_KEY = "private_key";

  /** The secret connection parameter for the token; may be left out. */
  public static final String TOKEN = "token";

  /** The secret connection parameter for the token's secret; may be left out. */
  public static final String TOKEN_SECRET = "token_secret";

  /** How the signature is made. */
  public enum SignatureMethod {
    /** RFC 5849 section 3.4.2. */
    HMAC_SHA1("HMAC-SHA1"),
    /** As {@link #HMAC_SHA1} with the longer hash; no RFC has it, providers ask for it. */
    HMAC_SHA256("HMAC-SHA256"),
    /** RFC 5849 section 3.4.3. */
    RSA_SHA1("RSA-SHA1"),
    /** The secrets themselves, RFC 5849 section 3.4.4; refused for anything but https. */
    PLAINTEXT("PLAINTEXT");

    private final String wireName;

    SignatureMethod(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the value of {@code oauth_signature_method}. */
    public String wireName() {
      return wireName;
    }
  }

  public OAuth1Scheme {
    Objects.requireNonNull(method, "method");
  }

  /** Returns the scheme with HMAC-SHA1, which most providers want. */
  public static OAuth1Scheme hmacSha1() {
    return new OAuth1Scheme(SignatureMethod.HMAC_SHA1, null, true);
  }

  /** Returns the scheme with HMAC-SHA256. */
  public static OAuth1Scheme hmacSha256() {
    return new OAuth1Scheme(SignatureMethod.HMAC_SHA256, null, true);
  }

  /** Returns the scheme with RSA-SHA1, signed with a private key. */
  public static OAuth1Scheme rsaSha1() {
    return new OAuth1Scheme(SignatureMethod.RSA_SHA1, null, true);
  }

  /** Returns the scheme that sends the secrets, over https only. */
  public static OAuth1Scheme plaintext() {
    return new OAuth1Scheme(SignatureMethod.PLAINTEXT, null, true);
  }

  /** Returns a copy with a realm, in which a name in braces is a connection parameter. */
  public OAuth1Scheme realm(String realm) {
    return new OAuth1Scheme(method, realm, version);
  }

  /** Returns a copy that does not send {@code oauth_version}. */
  public OAuth1Scheme withoutVersion() {
    return new OAuth1Scheme(method, realm, false);
  }

  @Override
  public List<ConnectionParameter> parameters() {
    List<ConnectionParameter> all = new ArrayList<>();
    all.add(ConnectionParameter.text(CONSUMER_KEY).titled("Consumer key"));
    all.add(
        method == SignatureMethod.RSA_SHA1
            ? ConnectionParameter.secret(PRIVATE_KEY).titled("Private key (PEM)")
            : ConnectionParameter.secret(CONSUMER_SECRET).titled("Consumer secret"));
    all.add(ConnectionParameter.secret(TOKEN).titled("Token").optional());
    if (method != SignatureMethod.RSA_SHA1) {
      all.add(ConnectionParameter.secret(TOKEN_SECRET).titled("Token secret").optional());
    }
    return List.copyOf(all);
  }
}

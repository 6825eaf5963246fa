package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * AWS Signature Version 4 in the Authorization header, also spoken by other object stores.
 *
 * <pre>{@code
 * AwsSignatureScheme.s3()                                      // parameter region
 * AwsSignatureScheme.of("execute-api").inRegion("eu-west-1")   // the author's choice
 * }</pre>
 *
 * <p>All headers are signed but those that the transport or a proxy may change. Keys are the
 * parameters {@link #KEY_ID}, {@link #SECRET} and, for temporary credentials, {@link
 * #SESSION_TOKEN}.
 *
 * @param service the name of the service in the credential scope, such as {@code s3}
 * @param region the region in the credential scope; {@code null} for the parameter {@link #REGION}
 * @param payload whether the body is signed
 */
public record AwsSignatureScheme(String service, @Nullable String region, Payload payload)
    implements AuthScheme {

  /** The connection parameter for the region, unless the author has fixed it. */
  public static final String REGION = "region";

  /** The connection parameter for the access key id. */
  public static final String KEY_ID = "access_key_id";

  /** The secret connection parameter for the secret access key. */
  public static final String SECRET = "secret_access_key";

  /** The secret connection parameter for the session token of temporary credentials; optional. */
  public static final String SESSION_TOKEN = "session_token";

  /** Whether the body is signed. */
  public enum Payload {
    /** Its hash is. */
    SIGNED,
    /**
     * It is left to TLS, as S3 alone allows: bodies of any size can be sent by an unwrapped client.
     */
    UNSIGNED
  }

  public AwsSignatureScheme {
    Objects.requireNonNull(payload, "payload");
    if (service.isBlank() || (region != null && region.isBlank())) {
      throw new IllegalArgumentException("Service and region must not be blank");
    }
    if (payload == Payload.UNSIGNED && !service.equals("s3")) {
      throw new IllegalArgumentException("Only s3 takes unsigned payloads, not " + service);
    }
  }

  /** Returns the scheme for a service. */
  public static AwsSignatureScheme of(String service) {
    return new AwsSignatureScheme(service, null, Payload.SIGNED);
  }

  /**
   * Returns the scheme for S3, whose paths are signed as they are and whose requests carry the hash
   * of their body.
   */
  public static AwsSignatureScheme s3() {
    return of("s3");
  }

  /** Returns a copy whose region is the author's choice. */
  public AwsSignatureScheme inRegion(String region) {
    return new AwsSignatureScheme(service, region, payload);
  }

  /** Returns a copy that does not sign bodies. */
  public AwsSignatureScheme unsignedPayload() {
    return new AwsSignatureScheme(service, region, Payload.UNSIGNED);
  }

  @Override
  public List<ConnectionParameter> parameters() {
    List<ConnectionParameter> all = new ArrayList<>();
    all.add(ConnectionParameter.text(KEY_ID).titled("Access key id"));
    all.add(ConnectionParameter.secret(SECRET).titled("Secret access key"));
    all.add(ConnectionParameter.secret(SESSION_TOKEN).titled("Session token").optional());
    if (region == null) {
      all.add(ConnectionParameter.text(REGION).titled("Region"));
    }
    return List.copyOf(all);
  }
}

package dev.connectorsdk.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.internal.gateway.seal.SealedUse;
import dev.connectorsdk.internal.gateway.seal.SealedValue;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import java.util.Map;

/**
 * What the secrets of a connection through a gateway are to be sealed for, before anybody has
 * entered them. Whoever enters them encrypts each for the members of the gateway, so that the host
 * passes on and stores what it cannot read.
 *
 * <p>A sealed value is a compact JWE (RFC 7516): the secret in UTF-8, encrypted with the algorithms
 * {@code ECDH-ES+A256KW} and {@code A256GCM} for {@link #publicKey}. Its protected header has the
 * members {@code alg}, {@code enc}, {@code epk}, {@code kid}, which is the {@link #fingerprint},
 * {@value #PURPOSE}, which is the text that {@link #purposes} has for the parameter, and {@code
 * crit}, with {@value #PURPOSE} as the only name, and no others.
 *
 * <p>A host that hands out another key could open what is sealed with it. So whoever seals compares
 * the fingerprint with the one that a member of the gateway shows.
 *
 * @param connection the id that the connection has or will have
 * @param gateway the id of the gateway
 * @param publicKey the gateway's key, a JWK (RFC 7517) on the curve P-256
 * @param fingerprint of the key, its thumbprint (RFC 7638)
 * @param purposes what each secret parameter may be used for, by parameter name: where it may go,
 *     and how
 * @param reservation by which the host knows this request again, for one hour
 */
public record SealRequest(
    ConnectionId connection,
    String gateway,
    String publicKey,
    String fingerprint,
    Map<String, String> purposes,
    String reservation) {

  /** The header parameter that says what a sealed value may be used for. */
  public static final String PURPOSE = SealedValue.PURPOSE;

  public SealRequest {
    purposes = Map.copyOf(purposes);
  }

  /**
   * Seals the value of a parameter here. Whoever runs this has the secret in memory: where that is
   * the host, the host could have kept it, and only its store is sure not to have it.
   *
   * @param parameter one of {@link #purposes}
   * @throws IllegalArgumentException if it is none of them, or the value is longer than about
   *     50,000 characters
   */
  public String seal(String parameter, Secret value) {
    String purpose = purposes.get(parameter);
    if (purpose == null) {
      throw new IllegalArgumentException(
          "No secret parameter '" + parameter + "'; there are " + purposes.keySet());
    }
    return SealedValue.seal(value, SealingKey.parse(Secret.of(publicKey)), SealedUse.parse(purpose))
        .toString();
  }
}

package dev.connectorsdk.api.webhook;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Gets public keys that a service publishes. The runtime has one; implementations cache. */
@FunctionalInterface
public interface KeySource {

  /**
   * Returns what is published at {@code location}, as text: a JWK set (RFC 7517) for a {@link
   * Signature#keySet}, PEM for a certificate.
   *
   * @param location an https URL; if it stands in the delivery, whoever asks has checked it
   * @param keyId the key that is wanted, or {@code null} if it has no id. If what was kept from
   *     before does not have it, it is fetched again, though not for every unknown id
   * @throws Exception if it cannot be had; the delivery is refused for now
   */
  String fetch(URI location, @Nullable String keyId) throws Exception;
}

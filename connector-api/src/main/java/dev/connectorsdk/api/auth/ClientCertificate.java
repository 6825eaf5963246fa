package dev.connectorsdk.api.auth;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A certificate with its private key, by which a client proves itself in the TLS handshake; RFC
 * 8446 section 4.4.2.
 *
 * @param key the private key of the first certificate
 * @param chain the client's own certificate, then those that lead to its authority; at least one
 */
public record ClientCertificate(PrivateKey key, List<X509Certificate> chain) {

  public ClientCertificate {
    Objects.requireNonNull(key, "key");
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A client certificate needs at least one certificate");
    }
  }

  /** Returns from when on it holds: the latest beginning in the chain. */
  public Instant validFrom() {
    return chain.stream()
        .map(certificate -> certificate.getNotBefore().toInstant())
        .max(Instant::compareTo)
        .orElseThrow();
  }

  /** Returns until when it holds: the earliest end in the chain. */
  public Instant expiresAt() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Returns whose certificate it is, without the key. */
  @Override
  public String toString() {
    return chain.get(0).getSubjectX500Principal().getName() + " until " + expiresAt();
  }
}

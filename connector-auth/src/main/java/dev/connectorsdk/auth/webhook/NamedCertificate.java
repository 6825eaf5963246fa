package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Certificate;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** The key of a certificate that a delivery names by its URL. */
final class NamedCertificate {

  private static final int DNS_NAME = 2; // RFC 5280 section 4.2.1.6

  private NamedCertificate() {}

  /** Returns the key, once it is certain that it is the service's. */
  static PublicKey key(Signature signature, DeliveryValues values, Arrival arrival) {
    Certificate declared = Objects.requireNonNull(signature.certificate());
    URI url = values.url(declared.url());
    X509Certificate certificate = read(PublishedText.fetch(arrival, url, null));
    if (!isValid(certificate, arrival.at())) {
      throw Refusals.refused(Reason.UNKNOWN, "the certificate is not valid at this time");
    }
    if (names(certificate).stream().noneMatch(name -> name.matches(declared.names()))) {
      throw Refusals.refused(Reason.UNKNOWN, "the certificate is somebody else's");
    }
    PublicKey key = certificate.getPublicKey();
    if (!SecretText.isStrong(signature.algorithm(), key)) {
      throw Refusals.refused(Reason.UNKNOWN, "the certificate's key is of another kind");
    }
    return key;
  }

  private static X509Certificate read(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
    } catch (CertificateException e) {
      throw PublishedText.unavailable();
    }
  }

  private static boolean isValid(X509Certificate certificate, Instant at) {
    return !at.isBefore(certificate.getNotBefore().toInstant())
        && !at.isAfter(certificate.getNotAfter().toInstant());
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .forEach(part -> names.add(part.getValue().toString()));
      Collection<List<?>> others = certificate.getSubjectAlternativeNames();
      if (others != null) {
        others.stream()
            .filter(other -> other.get(0).equals(DNS_NAME))
            .forEach(other -> names.add(other.get(1).toString()));
      }
    } catch (InvalidNameException | CertificateException e) {
      throw Refusals.refused(Reason.UNKNOWN, "the certificate has names that cannot be read");
    }
    return names;
  }
}

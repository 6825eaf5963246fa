package dev.connectorsdk.runtime;

import java.io.ByteArrayOutputStream;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Authorities, servers and clients, valid for decades unless a test wants otherwise. */
final class Certificates {

  static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  static final Instant UNTIL = Instant.parse("2060-01-01T00:00:00Z");

  final HeldCertificate authority;
  final HeldCertificate server;

  Certificates(String authority) {
    this.authority = builder(authority).certificateAuthority(0).build();
    this.server = server("localhost");
  }

  static HeldCertificate.Builder builder(String name) {
    return new HeldCertificate.Builder()
        .commonName(name)
        .validityInterval(FROM.toEpochMilli(), UNTIL.toEpochMilli());
  }

  HeldCertificate server(String host) {
    return builder(host).addSubjectAlternativeName(host).signedBy(authority).build();
  }

  HeldCertificate client(String name) {
    return builder(name).signedBy(authority).build();
  }

  HeldCertificate client(String name, Instant from, Instant until) {
    return builder(name)
        .validityInterval(from.toEpochMilli(), until.toEpochMilli())
        .signedBy(authority)
        .build();
  }

  /** Returns what a server uses that trusts clients of this authority. */
  HandshakeCertificates of(HeldCertificate server) {
    return new HandshakeCertificates.Builder()
        .heldCertificate(server)
        .addTrustedCertificate(authority.certificate())
        .build();
  }

  /** Returns what a host uses that trusts servers of this authority. */
  HandshakeCertificates trusting() {
    return new HandshakeCertificates.Builder()
        .addTrustedCertificate(authority.certificate())
        .build();
  }

  /** Returns a PKCS#12 file in Base64. */
  static String pfx(HeldCertificate client, String password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client",
        client.keyPair().getPrivate(),
        password.toCharArray(),
        new X509Certificate[] {client.certificate()});
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    store.store(file, password.toCharArray());
    return Base64.getEncoder().encodeToString(file.toByteArray());
  }
}

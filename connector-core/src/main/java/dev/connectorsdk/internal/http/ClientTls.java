package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.internal.Origin;
import java.util.Set;

/** The TLS side of one connection that has a client certificate. Safe for several threads. */
public final class ClientTls {

  private final ClientCertificate certificate;
  private final PinnedKey key;
  private final Templates templates;

  ClientTls(ClientCertificate certificate, PinnedKey key, Templates templates) {
    this.certificate = certificate;
    this.key = key;
    this.templates = templates;
  }

  /** Returns what is offered in handshakes. */
  public ClientCertificate certificate() {
    return certificate;
  }

  /** Has the certificate offered at these origins, too; at first it is offered nowhere. */
  public void pin(Set<Origin> origins) {
    key.pin(origins);
  }

  /** Returns what the connection's clients are made from. */
  Templates templates() {
    return templates;
  }
}

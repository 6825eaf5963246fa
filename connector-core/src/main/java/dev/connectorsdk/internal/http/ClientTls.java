package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.internal.Origin;
import java.util.Map;
import java.util.Set;
import okhttp3.OkHttpClient;

/** The TLS side of one connection that has a client certificate. Safe for several threads. */
public final class ClientTls {

  private final ClientCertificate certificate;
  private final PinnedKey key;
  private final Map<ServiceClients.Use, OkHttpClient> templates;

  ClientTls(
      ClientCertificate certificate,
      PinnedKey key,
      Map<ServiceClients.Use, OkHttpClient> templates) {
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

  /** Returns a client for each use. */
  Map<ServiceClients.Use, OkHttpClient> templates() {
    return templates;
  }
}

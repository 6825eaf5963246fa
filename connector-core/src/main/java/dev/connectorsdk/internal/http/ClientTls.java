package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.internal.Origin;
import java.util.Set;
import okhttp3.OkHttpClient;

/**
 * The TLS side of one connection that has a client certificate: clients with a pool of their own,
 * whose TLS connections nobody else uses. Safe for several threads.
 */
public final class ClientTls {

  private final ClientCertificate certificate;
  private final PinnedKey key;
  private final OkHttpClient client;
  private final OkHttpClient tokenClient;

  ClientTls(
      ClientCertificate certificate, PinnedKey key, OkHttpClient client, OkHttpClient tokenClient) {
    this.certificate = certificate;
    this.key = key;
    this.client = client;
    this.tokenClient = tokenClient;
  }

  /** Returns what is offered in handshakes. */
  public ClientCertificate certificate() {
    return certificate;
  }

  void pin(Set<Origin> origins) {
    key.pin(origins);
  }

  OkHttpClient client() {
    return client;
  }

  OkHttpClient tokenClient() {
    return tokenClient;
  }
}

package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.internal.Origin;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Offers a certificate in handshakes with pinned origins, and nothing in all others.
 *
 * <p>A redirect that the user of an unwrapped client allowed is only noticed once there is a TLS
 * connection, so the certificate has to keep to its hosts by itself.
 */
final class PinnedKey extends X509ExtendedKeyManager {

  private final X509KeyManager key;
  private final Set<Origin> origins = ConcurrentHashMap.newKeySet();

  PinnedKey(ClientCertificate certificate) {
    this.key = keyManager(certificate);
  }

  private static X509KeyManager keyManager(ClientCertificate certificate) {
    char[] password = UUID.randomUUID().toString().toCharArray();
    X509Certificate[] chain = certificate.chain().toArray(X509Certificate[]::new);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("client", certificate.key(), password, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return Arrays.stream(factory.getKeyManagers())
          .filter(X509KeyManager.class::isInstance)
          .map(X509KeyManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("The JDK has no key manager for " + certificate, e);
    }
  }

  void pin(Set<Origin> more) {
    origins.addAll(more);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    SSLSession handshake = socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
    boolean pinned =
        handshake != null
            && origins.contains(
                new Origin("https", handshake.getPeerHost(), handshake.getPeerPort()));
    return pinned ? key.chooseClientAlias(keyTypes, issuers, socket) : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return key.getClientAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return key.getCertificateChain(alias);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return key.getPrivateKey(alias);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}

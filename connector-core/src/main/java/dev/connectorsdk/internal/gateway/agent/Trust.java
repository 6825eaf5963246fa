package dev.connectorsdk.internal.gateway.agent;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Whom a member trusts: whom the JDK does, and some more. Of a certificate that is trusted as it is
 * the JDK does not look at the dates, so they are looked at here.
 */
public final class Trust {

  private final X509TrustManager manager;

  private Trust(X509TrustManager manager) {
    this.manager = manager;
  }

  /**
   * Returns what trusts these too.
   *
   * @param further of authorities, or of single servers
   */
  public static Trust of(Collection<X509Certificate> further) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      for (X509Certificate one : manager(null).getAcceptedIssuers()) {
        all.setCertificateEntry("jdk-" + all.size(), one);
      }
      for (X509Certificate one : further) {
        all.setCertificateEntry("own-" + all.size(), one);
      }
      return new Trust(manager(all));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("The JDK cannot keep certificates", e);
    }
  }

  private static X509TrustManager manager(@Nullable KeyStore of) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(of);
    for (TrustManager one : factory.getTrustManagers()) {
      if (one instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("The JDK trusts nobody");
  }

  /** Returns a client with this trust. */
  public OkHttpClient.Builder of(OkHttpClient.Builder client) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      return client.sslSocketFactory(context.getSocketFactory(), manager);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no TLS", e);
    }
  }

  /**
   * Looks at the dates of a server's certificate.
   *
   * @throws IOException if it is not valid at this time
   */
  static void requireValid(List<Certificate> shown, Clock clock) throws IOException {
    try {
      if (!shown.isEmpty() && shown.get(0) instanceof X509Certificate server) {
        server.checkValidity(Date.from(clock.instant()));
      }
    } catch (CertificateException e) {
      throw new IOException("the server's certificate is not valid now: " + e.getMessage());
    }
  }
}

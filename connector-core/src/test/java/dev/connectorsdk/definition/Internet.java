package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * The services of the world as one local server, which has a certificate for each of their hosts.
 * What is called keeps its https URLs; a host without a certificate here cannot be reached.
 */
final class Internet implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final WireMockServer server;
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).build();

  Internet(Path temp, String... hosts) throws IOException, GeneralSecurityException {
    HeldCertificate.Builder certificate =
        new HeldCertificate.Builder().commonName("services").signedBy(authority);
    List.of(hosts).forEach(certificate::addSubjectAlternativeName);
    server =
        new WireMockServer(
            options()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(keystore(temp, certificate.build()).toString())
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD));
    server.start();
  }

  private Path keystore(Path temp, HeldCertificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    keys.setKeyEntry(
        "server",
        certificate.keyPair().getPrivate(),
        PASSWORD.toCharArray(),
        new X509Certificate[] {certificate.certificate(), authority.certificate()});
    Path file = temp.resolve("services.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      keys.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  WireMockServer server() {
    return server;
  }

  /** Returns a client that finds every host here. */
  OkHttpClient client() {
    HandshakeCertificates trusting =
        new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate()).build();
    return new OkHttpClient.Builder()
        .dns(host -> List.of(InetAddress.getLoopbackAddress()))
        .socketFactory(new ToOnePort(server.httpsPort()))
        .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
        .build();
  }

  @Override
  public void close() {
    server.stop();
  }

  /** Sockets that go to one port of this machine, whichever they are told. */
  private static final class ToOnePort extends SocketFactory {

    private final int port;

    ToOnePort(int port) {
      this.port = port;
    }

    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress asked, int timeout) throws IOException {
          super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
        }
      };
    }

    @Override
    public Socket createSocket(String host, int ignored) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int ignored, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int ignored) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int ignored, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}

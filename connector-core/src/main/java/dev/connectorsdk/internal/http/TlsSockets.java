package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Makes TLS sockets whose answers are followed. */
final class TlsSockets extends SSLSocketFactory {

  private final SSLSocketFactory factory;

  TlsSockets(SSLSocketFactory factory) {
    this.factory = factory;
  }

  @Override
  public Socket createSocket(Socket below, String host, int port, boolean autoClose)
      throws IOException {
    if (below instanceof ServiceSocket socket) {
      socket.carryTls();
    }
    return watched(factory.createSocket(below, host, port, autoClose));
  }

  private static Socket watched(Socket socket) {
    return socket instanceof SSLSocket tls ? new TlsSocket(tls) : socket;
  }

  @Override
  public Socket createSocket() throws IOException {
    return watched(factory.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return watched(factory.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return watched(factory.createSocket(host, port, from, fromPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return watched(factory.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return watched(factory.createSocket(host, port, from, fromPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return factory.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return factory.getSupportedCipherSuites();
  }
}

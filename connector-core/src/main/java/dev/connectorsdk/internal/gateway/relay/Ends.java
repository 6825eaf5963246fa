package dev.connectorsdk.internal.gateway.relay;

import dev.connectorsdk.internal.gateway.line.Reset;
import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import dev.connectorsdk.internal.http.GatewayFailure;
import dev.connectorsdk.internal.http.GatewayFailure.What;
import dev.connectorsdk.internal.http.NothingSent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What an exchange that came to nothing at a gateway's member would have been at the host. */
final class Ends {

  private Ends() {}

  static IOException failure(Reset end) {
    IOException failure = said(end.reason(), end.words());
    return end.sent() || failure instanceof GatewayFailure ? failure : new NothingSent(failure);
  }

  private static IOException said(Reason reason, String words) {
    return switch (reason) {
      case CONNECT -> new ConnectException(words);
      case UNKNOWN_HOST -> new UnknownHostException(words);
      case TLS -> new SSLException(words);
      case TIMEOUT -> new SocketTimeoutException(words);
      case BUSY, DRAINING -> new GatewayFailure(What.NO_MEMBER, words);
      case NOT_ALLOWED -> new GatewayFailure(What.NOT_ALLOWED, words);
      case NOT_GIVEN -> new GatewayFailure(What.NOT_GIVEN, words);
      case CREDENTIAL, CERTIFICATE_REFUSED -> new GatewayFailure(What.CREDENTIAL, words);
      case CREDENTIAL_LATER -> new GatewayFailure(What.CREDENTIAL_LATER, words);
      case CANCELLED, BROKEN_OFF, ENOUGH, LINE_LOST -> new IOException(words);
    };
  }
}

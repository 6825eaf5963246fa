package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Why there is no TLS connection, in words that are safe to show. */
final class TlsFailure {

  private static final String ALERT = "Received fatal alert: ";
  private static final Pattern ALERT_NAME = Pattern.compile("[a-z_]*");

  /** What a server that does not like a client's certificate says; RFC 8446 section 6.2. */
  private static final Set<String> ABOUT_CERTIFICATES =
      Set.of(
          "access_denied",
          "bad_certificate",
          "certificate_expired",
          "certificate_required",
          "certificate_revoked",
          "certificate_unknown",
          "unknown_ca",
          "unsupported_certificate");

  private TlsFailure() {}

  /**
   * Returns the alert by which a server refused the client's certificate or its absence, or {@code
   * null} if that is not what happened.
   */
  static @Nullable String refusedCertificate(IOException e) {
    String alert = alert(e);
    return alert != null && ABOUT_CERTIFICATES.contains(alert) ? alert : null;
  }

  private static @Nullable String alert(IOException e) {
    String message = e instanceof SSLException ? e.getMessage() : null;
    int alert = message == null ? -1 : message.indexOf(ALERT);
    return message == null || alert < 0
        ? null
        : message.substring(alert + ALERT.length()).toLowerCase(Locale.ROOT);
  }

  /** Returns what was wrong, or {@code null} if that is not known. */
  static @Nullable String reason(IOException e) {
    String alert = alert(e);
    if (alert != null && ALERT_NAME.matcher(alert).matches()) {
      return "the server broke off with " + alert;
    }
    if (e instanceof SSLPeerUnverifiedException) {
      return "the server's certificate is for another host";
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String reason = aboutServersCertificate(cause);
      if (reason != null) {
        return reason;
      }
    }
    return e.getCause() instanceof CertificateException
        ? "the server's certificate cannot be verified"
        : null;
  }

  private static @Nullable String aboutServersCertificate(Throwable cause) {
    if (cause instanceof CertificateExpiredException) {
      return "the server's certificate has expired";
    }
    if (cause instanceof CertificateNotYetValidException) {
      return "the server's certificate is not valid yet";
    }
    return cause instanceof CertPathBuilderException
        ? "the server's certificate is of no trusted authority"
        : null;
  }
}

package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A TLS client certificate that each connection brings along, alone or together with what
 * authenticates the requests.
 *
 * <pre>{@code
 * ClientCertificateScheme.pkcs12()                             // parameters pfx and pfx_password
 * ClientCertificateScheme.pem()                                // certificate and private_key
 * ClientCertificateScheme.pem().and(BasicScheme.standard())    // and user name and password
 * }</pre>
 *
 * <p>The certificate is offered to the connection's own hosts and to no others, over TLS
 * connections that this connection shares with no other one. What is trusted on the other side is
 * not changed by it.
 *
 * <p>A certificate at an OAuth 2.0 token endpoint (RFC 8705) belongs into {@link OAuth2Scheme}.
 *
 * @param format how a connection brings the certificate
 * @param then what authenticates the requests besides; {@link NoneScheme} for nothing
 */
public record ClientCertificateScheme(Format format, AuthScheme then) implements AuthScheme {

  /** The secret parameter for a PKCS#12 file, in Base64. */
  public static final String PFX = "pfx";

  /** The secret parameter for the password of the PKCS#12 file, in ASCII; may be left out. */
  public static final String PFX_PASSWORD = "pfx_password";

  /** The secret parameter for the certificate in PEM, those of its authorities after it. */
  public static final String CERTIFICATE = "certificate";

  /** The secret parameter for the private key in PEM, without a password. */
  public static final String PRIVATE_KEY = "private_key";

  /** How a connection brings a certificate and its private key. */
  public enum Format {
    /** A PKCS#12 file (RFC 7292) in Base64, with one private key: {@code pfx, pfx_password}. */
    PKCS12,
    /**
     * PEM (RFC 7468): {@code certificate} and {@code private_key}. The key is PKCS#8, PKCS#1 or
     * SEC1.
     */
    PEM;

    /** Returns the connection parameters of this format. */
    public List<ConnectionParameter> parameters() {
      return switch (this) {
        case PKCS12 ->
            List.of(
                ConnectionParameter.secret(PFX).titled("Client certificate (PFX, Base64)"),
                ConnectionParameter.secret(PFX_PASSWORD)
                    .titled("Password of the PFX file")
                    .optional());
        case PEM ->
            List.of(
                ConnectionParameter.secret(CERTIFICATE).titled("Client certificate (PEM)"),
                ConnectionParameter.secret(PRIVATE_KEY).titled("Private key (PEM)"));
      };
    }
  }

  public ClientCertificateScheme {
    Objects.requireNonNull(format, "format");
    if (then instanceof ClientCertificateScheme || then.needsConsent()) {
      throw new IllegalArgumentException(
          "A client certificate goes together with a scheme that needs no sign-in and has no"
              + " certificate of its own, not with "
              + then.getClass().getName());
    }
  }

  /** Returns the scheme for a PKCS#12 file and its password. */
  public static ClientCertificateScheme pkcs12() {
    return new ClientCertificateScheme(Format.PKCS12, NoneScheme.INSTANCE);
  }

  /** Returns the scheme for a certificate and a private key in PEM. */
  public static ClientCertificateScheme pem() {
    return new ClientCertificateScheme(Format.PEM, NoneScheme.INSTANCE);
  }

  /**
   * Returns a copy whose requests are authenticated by another scheme as well, one of this package
   * that needs no sign-in.
   */
  public ClientCertificateScheme and(AuthScheme then) {
    return new ClientCertificateScheme(format, then);
  }

  @Override
  public List<ConnectionParameter> parameters() {
    List<ConnectionParameter> all = new ArrayList<>(format.parameters());
    all.addAll(then.parameters());
    return List.copyOf(all);
  }

  @Override
  public List<String> endpoints() {
    return then.endpoints();
  }

  @Override
  public List<String> clientEndpoints() {
    return then.clientEndpoints();
  }

  @Override
  public List<String> endpointsWith(Set<String> values) {
    return then.endpointsWith(values);
  }

  @Override
  public boolean sendsToService(Set<String> values) {
    return then.sendsToService(values);
  }

  @Override
  public List<String> weaknesses() {
    return then.weaknesses();
  }

  @Override
  public Set<String> captured() {
    return then.captured();
  }
}

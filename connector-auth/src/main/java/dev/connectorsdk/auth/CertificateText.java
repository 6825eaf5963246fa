package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme.Format;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads client certificates from connection parameters. */
final class CertificateText {

  private CertificateText() {}

  /**
   * Returns the certificate in the parameters of {@code format}.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException naming the parameter that cannot be
   *     read, and never what is in it
   */
  static ClientCertificate required(AuthContext context, Format format) {
    return switch (format) {
      case PKCS12 -> pkcs12(context);
      case PEM -> pem(context);
    };
  }

  private static ClientCertificate pem(AuthContext context) {
    String parameter = ClientCertificateScheme.CERTIFICATE;
    String text = CredentialText.required(context, parameter);
    List<X509Certificate> chain = chain(text);
    if (chain.isEmpty()) {
      throw CredentialText.fault(context, parameter, "is not a certificate in PEM");
    }
    PrivateKey key = PrivateKeyText.required(context, ClientCertificateScheme.PRIVATE_KEY);
    if (!belong(key, chain.get(0).getPublicKey())) {
      throw CredentialText.fault(
          context,
          ClientCertificateScheme.PRIVATE_KEY,
          "does not belong to the first certificate of " + parameter);
    }
    return new ClientCertificate(key, chain);
  }

  private static List<X509Certificate> chain(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      return List.of();
    }
  }

  /** Returns whether what the one signs is valid for the other. */
  private static boolean belong(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static ClientCertificate pkcs12(AuthContext context) {
    String parameter = ClientCertificateScheme.PFX;
    byte[] file = CredentialText.base64(context, parameter);
    Secret secret = context.secret(ClientCertificateScheme.PFX_PASSWORD);
    char[] password = secret == null ? new char[0] : secret.reveal().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file), password);
      return onlyKey(context, store, password);
    } catch (IOException | GeneralSecurityException e) {
      // Their messages tell nothing that the owner could use.
      throw e.getCause() instanceof UnrecoverableKeyException
          ? CredentialText.fault(
              context,
              ClientCertificateScheme.PFX_PASSWORD,
              "is not the password of the PKCS#12 file in " + parameter)
          : CredentialText.fault(context, parameter, "is not a PKCS#12 file that can be read");
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static ClientCertificate onlyKey(AuthContext context, KeyStore store, char[] password)
      throws GeneralSecurityException {
    List<String> keys = keys(store);
    if (keys.size() != 1) {
      throw CredentialText.fault(
          context,
          ClientCertificateScheme.PFX,
          "has " + keys.size() + " private keys; one is needed, with its certificate");
    }
    Certificate[] chain = store.getCertificateChain(keys.get(0));
    if (!(store.getKey(keys.get(0), password) instanceof PrivateKey key) || chain == null) {
      throw CredentialText.fault(
          context, ClientCertificateScheme.PFX, "has no private key with a certificate");
    }
    return new ClientCertificate(
        key, Arrays.stream(chain).map(X509Certificate.class::cast).toList());
  }

  private static List<String> keys(KeyStore store) throws KeyStoreException {
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        keys.add(alias);
      }
    }
    return keys;
  }
}

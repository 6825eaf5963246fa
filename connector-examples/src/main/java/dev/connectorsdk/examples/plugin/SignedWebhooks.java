package dev.connectorsdk.examples.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signature.TimeForm;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.zip.CRC32;

/** How deliveries are checked: as data, and in code. */
final class SignedWebhooks {

  private SignedWebhooks() {}

  // tag::webhook-signature[]
  static final Signature ACME =
      Signature.hmacSha256("{timestamp}.{body}")
          .in(Encoding.HEX, Place.header("Acme-Signature").part(",", "v1="))
          .timestamp(Place.header("Acme-Signature").part(",", "t="), TimeForm.SECONDS)
          .id("{json:/id}")
          .handshake(
              Handshake.signed("POST")
                  .when(Place.json("/type"), "verify")
                  .json("challenge", "{json:/challenge}")
                  .build())
          .build();

  // end::webhook-signature[]

  // tag::webhook-verifier[]
  /** PayPal's signature; the secret is the webhook's id. */
  static final Signature PAYPAL =
      Signature.inCode(SignedWebhooks::verifyPayPal)
          .timestamp(Place.header("paypal-transmission-time"), TimeForm.ISO_8601)
          .id("{json:/id}")
          .build();

  static void verifyPayPal(Arrival arrival) throws Exception {
    Delivery delivery = arrival.delivery();
    URI certificate = URI.create(header(delivery, "paypal-cert-url"));
    String host = String.valueOf(certificate.getHost());
    if (!"https".equals(certificate.getScheme()) || !host.endsWith(".paypal.com")) {
      throw new DeliveryRefusedException(Reason.UNKNOWN, "The certificate is not PayPal's");
    }
    CRC32 checksum = new CRC32();
    checksum.update(delivery.body());
    String id = header(delivery, "paypal-transmission-id");
    String time = header(delivery, "paypal-transmission-time");
    String webhook = arrival.secrets().get(0).reveal();
    String text = id + "|" + time + "|" + webhook + "|" + checksum.getValue();

    byte[] pem = arrival.keys().fetch(certificate, null).getBytes(US_ASCII);
    var verifier = java.security.Signature.getInstance("SHA256withRSA");
    verifier.initVerify(
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
    verifier.update(text.getBytes(US_ASCII));
    if (!verifier.verify(Base64.getDecoder().decode(header(delivery, "paypal-transmission-sig")))) {
      throw new DeliveryRefusedException(Reason.WRONG, "The signature does not fit");
    }
  }

  private static String header(Delivery delivery, String name) {
    String value = delivery.header(name);
    if (value == null) {
      throw new DeliveryRefusedException(Reason.MISSING, "Header " + name + " is missing");
    }
    return value;
  }
  // end::webhook-verifier[]
}

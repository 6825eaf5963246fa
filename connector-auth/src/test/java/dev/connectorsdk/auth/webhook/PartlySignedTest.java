package dev.connectorsdk.auth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signatures;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deliveries of which only a part is signed, or signed weakly. */
@Tag("G1")
class PartlySignedTest {

  private static final String LIST = "x-contentful-signed-headers";

  @Test
  void everyItemHasToBeAuthentic() {
    Received received = Received.sentBy(Signatures.microsoftGraph(), "state");

    received.body("{\"value\":[{\"clientState\":\"state\"},{\"clientState\":\"state\"}]}").check();
    assertRefused(
        received.body("{\"value\":[{\"clientState\":\"state\"},{\"clientState\":\"other\"}]}"),
        Reason.WRONG);
    assertRefused(received.body("{\"value\":[{\"clientState\":\"state\"},{}]}"), Reason.MISSING);
  }

  @Test
  void noItemsAreNotAuthentic() {
    Received received = Received.sentBy(Signatures.microsoftGraph(), "state");

    assertRefused(received.body("{\"value\":[]}"), Reason.MALFORMED);
    assertRefused(received.body("{\"value\":{\"clientState\":\"state\"}}"), Reason.MALFORMED);
    assertRefused(received.body("{}"), Reason.MALFORMED);
  }

  @Test
  void aListOfSignedHeadersNamesItselfAndTheTimestamp() {
    String secret = "c".repeat(64);
    Received received = Received.sentBy(Signatures.contentful(), secret);

    received.signedWith(secret).check();
    for (String incomplete : new String[] {LIST, "x-contentful-timestamp", "content-type"}) {
      assertRefused(received.signedWith(secret).header(LIST, incomplete), Reason.MALFORMED);
    }
  }

  @Test
  void aShortRsaKeyIsNone() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    byte[] key = generator.generateKeyPair().getPublic().getEncoded();
    Secret secret = Secret.of(Base64.getEncoder().encodeToString(key));

    Signature signature =
        Signature.of(Algorithm.RSA_SHA256, "{body}")
            .in(Encoding.BASE64, Place.header("acme-signature"))
            .build();

    assertThat(WebhookSignatures.problem(signature, secret))
        .hasValue("Delivery refused: the secret is not a public key for RSA_SHA256");
  }

  private static void assertRefused(Received received, Reason reason) {
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(received::check)
        .returns(reason, DeliveryRefusedException::reason);
  }
}

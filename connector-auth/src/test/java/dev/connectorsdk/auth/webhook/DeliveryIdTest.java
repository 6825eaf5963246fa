package dev.connectorsdk.auth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The id by which a repeat is recognised. */
@Tag("G4")
class DeliveryIdTest {

  @Test
  void isInAHeaderOrInTheBody() {
    assertThat(
            Received.sentBy(Signatures.gitHub(), "s")
                .header("X-GitHub-Delivery", "d-1")
                .signedWith("s")
                .check())
        .hasValue("d-1");
    assertThat(
            Received.sentBy(Signatures.stripe(), "s")
                .body("{\"id\":\"evt_1\"}")
                .signedWith("s")
                .check())
        .hasValue("evt_1");
  }

  @Test
  void canHaveSeveralParts() {
    Signature signature = Signatures.stripe().toBuilder().id("{json:/account}/{json:/id}").build();

    assertThat(
            Received.sentBy(signature, "s")
                .body("{\"id\":7,\"account\":\"a\"}")
                .signedWith("s")
                .check())
        .hasValue("a/7");
    assertThat(Received.sentBy(signature, "s").body("{\"id\":7}").signedWith("s").check())
        .isEmpty();
  }

  @Test
  void isMissingWhereTheBodyHasNoneOrIsNotJson() {
    Received received = Received.sentBy(Signatures.stripe(), "s");

    assertThat(received.body("{}").signedWith("s").check()).isEmpty();
    assertThat(received.body("not JSON").signedWith("s").check()).isEmpty();
    assertThat(received.body("{\"id\":\"a\",\"id\":\"b\"}").signedWith("s").check()).isEmpty();
    assertThat(received.body("{\"id\":\"a\",\"n\":1e99999999999}").signedWith("s").check())
        .isEmpty();
    assertThat(received.body("{\"id\":\"\"}").signedWith("s").check()).isEmpty();
    assertThat(received.body("{\"id\":\"\\ud800\"}").signedWith("s").check()).isEmpty();
  }

  @Test
  void thatIsThereTwiceInHeadersRefusesTheDelivery() {
    Received received =
        Received.sentBy(Signatures.gitHub(), "s")
            .signedWith("s")
            .header("X-GitHub-Delivery", "a", "b");

    assertThatExceptionOfType(DeliveryRefusedException.class).isThrownBy(received::check);
  }
}

package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signature.Packing;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of deliveries: their types, how they are packed, how they trickle in. */
@Tag("G6")
class WebhookBodyTest extends WebhookHostTest {

  private URI url;
  private Secret secret;

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .trigger(signing(Packing.NONE))
        .trigger(signing(Packing.SIGNED_PACKED))
        .trigger(signing(Packing.SIGNED_UNPACKED))
        .trigger(images())
        .build();
  }

  private static Signature signature(Packing packing) {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("acme-signature"))
        .id("{json:/id}")
        .packed(packing)
        .build();
  }

  private WebhookTrigger<Nothing, Item> signing(Packing packing) {
    return hook(packing.name(), signature(packing))
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  private WebhookTrigger<Nothing, Item> images() {
    return hook("images", Signature.unsigned().build())
        .contentTypes("image/*", "application/PDF")
        .receive(delivery -> Received.nothing());
  }

  private WebhookTrigger.Builder<Nothing, Item> hook(String id, Signature signature) {
    return WebhookTrigger.builder(id, Nothing.class, Item.class)
        .signature(signature)
        .subscribe(
            (none, callback, call) -> {
              url = callback.url();
              secret = callback.secret();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {});
  }

  private Subscription begin(String trigger) {
    Subscription made =
        subscribe(SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce"));
    run();
    return inspect(made);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] packed(byte[] plain) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return packed.toByteArray();
  }

  /** Sends {@code sent}, with the signature of {@code signed}. */
  private int statusOf(byte[] sent, byte[] signed, String header, String value) {
    var sample = new Delivery("POST", Map.of(), null, signed);
    Map<String, List<String>> headers =
        new HashMap<>(
            WebhookSignatures.sign(signature(Packing.NONE), secret, sample, url, clock.instant())
                .headers());
    headers.put(header, List.of(value));
    return send(url, new Delivery("POST", headers, null, sent)).statusCode();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SIGNED_PACKED", "SIGNED_UNPACKED"},
      value = Packing.class)
  void aPackedBodyIsCheckedAsItWasSignedAndReadUnpacked(Packing packing) {
    begin(packing.name());
    byte[] plain = bytes(item("T-1"));
    byte[] packed = packed(plain);
    boolean signsPacked = packing == Packing.SIGNED_PACKED;

    assertThat(statusOf(packed, signsPacked ? plain : packed, "content-encoding", "gzip"))
        .isEqualTo(401);
    assertThat(statusOf(packed, signsPacked ? packed : plain, "content-encoding", "gzip"))
        .isEqualTo(200);
    assertThat(statusOf(plain, plain, "content-encoding", "identity")).isEqualTo(200);
    run();

    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void whatUnpacksToMoreThanADeliveryMayHaveIsRefused() {
    begin("SIGNED_PACKED");
    byte[] bomb = packed(new byte[64 * 1024 * 1024]);
    byte[] broken = bytes("no gzip");

    assertThat(statusOf(bomb, bomb, "content-encoding", "gzip")).isEqualTo(413);
    assertThat(statusOf(broken, broken, "content-encoding", "gzip")).isEqualTo(400);
    assertThat(statusOf(broken, broken, "content-encoding", "br")).isEqualTo(415);
    assertThat(statusOf(broken, broken, "content-encoding", "gzip, gzip")).isEqualTo(415);
  }

  @Test
  void aServiceThatPacksNothingIsNotUnpacked() {
    begin("NONE");
    byte[] packed = packed(bytes(item("T-1")));

    assertThat(statusOf(packed, packed, "content-encoding", "gzip")).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/cloudevents+json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/xml"
      })
  void theUsualTypesAreTaken(String type) {
    begin("NONE");
    byte[] body = bytes(item("T-1"));

    assertThat(statusOf(body, body, "content-type", type)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/java-archive", "image/png", "json"})
  void otherTypesAreRefused(String type) {
    begin("NONE");
    byte[] body = bytes(item("T-1"));

    assertThat(statusOf(body, body, "content-type", type)).isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource({"image/png, 200", "application/pdf, 200", "application/json, 415", "imagex/png, 415"})
  void whatIsDeclaredTakesThePlaceOfTheUsualTypes(String type, int status) {
    begin("images");
    byte[] body = bytes("x");

    assertThat(statusOf(body, body, "content-type", type)).isEqualTo(status);
  }

  @Test
  void aMediaTypeIsOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hook("x", Signature.unsigned().build()).contentTypes("json"))
        .withMessageContaining("json");
  }

  @Test
  void aBodyThatTricklesInIsGivenUp() throws IOException {
    begin("NONE");
    InputStream trickle =
        new InputStream() {
          @Override
          public int read() {
            clock.advance(Duration.ofSeconds(1));
            return 'x';
          }

          @Override
          public int read(byte[] into, int from, int length) {
            into[from] = (byte) read();
            return 1;
          }
        };
    var request = new WebhookRequest("POST", url.getRawPath(), null, Map.of(), trickle);

    assertThat(runtime.triggers().receive(request).status()).isEqualTo(408);
  }

  @Test
  @Tag("G4")
  void whetherReplaysAreStoppedCanBeSeen() {
    assertThat(begin("NONE").stopsReplays()).isTrue();
    assertThat(begin("images").stopsReplays()).isFalse();
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deliveries whose signatures are checked with keys that the service publishes. */
@Tag("G1")
class PublishedKeysTest extends WebhookHostTest {

  private static final RSAKey FIRST = key("k-1");
  private static final RSAKey SECOND = key("k-2");

  private final Certificates certificates = new Certificates("authority");
  private final MockWebServer publisher = new MockWebServer();
  private AddressPolicy addresses = AddressPolicy.allowAll();
  private URI url;
  private String secret;
  private int sent;

  private static RSAKey key(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  @BeforeEach
  void start() {
    publisher.useHttps(certificates.of(certificates.server).sslSocketFactory());
    try {
      publisher.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    super.start();
  }

  @AfterEach
  void stopPublisher() {
    publisher.close();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    HandshakeCertificates trusting = certificates.trusting();
    return super.with(builder)
        .addressPolicy(addresses)
        .httpClient(
            new OkHttpClient.Builder()
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build());
  }

  private Signature signature() {
    return Signature.jwt(Algorithm.JWT_RS256)
        .in(Place.bearer())
        .keySet(keysAt("/keys"))
        .requiring(Place.claim("aud"), "app")
        .id("{json:/id}")
        .build();
  }

  private Signature confirmed() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("acme-signature"))
        .handshake(
            Handshake.signed("POST")
                .when(Place.json("/type"), "confirm")
                .opens(Place.json("/open"), "https://localhost:[0-9]+/confirm\\?token=[a-z]+")
                .build())
        .build();
  }

  private URI keysAt(String path) {
    return URI.create("https://localhost:" + publisher.getPort() + path);
  }

  /** The delivery says where its keys are. */
  private void checkInCode(Arrival arrival) throws Exception {
    URI location = URI.create(String.valueOf(arrival.delivery().header("keys-at")));
    if (!arrival.keys().fetch(location, null).equals("trusted")) {
      throw new DeliveryRefusedException(DeliveryRefusedException.Reason.WRONG, "Other keys");
    }
  }

  /** The service gives its keys to its clients alone. */
  private WebhookTrigger<Nothing, Item> forClients() {
    return begun("clients", signature())
        .keys((id, call) -> call.http().get("/keys").query("id", id).send().text())
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  @Override
  WebhookTrigger<Nothing, Item> trigger() {
    return trigger("hook", signature());
  }

  private WebhookTrigger<Nothing, Item> trigger(String id, Signature signature) {
    return begun(id, signature).receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  private WebhookTrigger.Builder<Nothing, Item> begun(String id, Signature signature) {
    return WebhookTrigger.builder(id, Nothing.class, Item.class)
        .titled("When there is an item")
        .signature(signature)
        .subscribe(
            (none, callback, call) -> {
              url = callback.url();
              secret = callback.secret().reveal();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {});
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .trigger(trigger())
        .trigger(trigger("code", Signature.inCode(this::checkInCode).build()))
        .trigger(trigger("confirmed", confirmed()))
        .trigger(forClients())
        .build();
  }

  private void publishes(RSAKey... keys) {
    answers(new MockResponse.Builder().body(new JWKSet(List.<JWK>of(keys)).toString()).build());
  }

  private void answers(MockResponse response) {
    publisher.enqueue(response);
  }

  private int fetches() {
    return publisher.getRequestCount();
  }

  /** Returns what a delivery is answered with that is signed with a key. */
  private int statusOf(RSAKey key) {
    var sample =
        new Delivery(
            "POST",
            Map.of("content-type", List.of("application/json")),
            null,
            item("T-" + ++sent).getBytes(StandardCharsets.UTF_8));
    Delivery delivery =
        WebhookSignatures.sign(
            signature(), Secret.of(key.toJSONString()), sample, url, clock.instant());
    return send(url, delivery).statusCode();
  }

  private void begin(String trigger) {
    subscribe(SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce"));
    run();
  }

  @Test
  void keysAreFetchedOnceAndKeptForAnHour() {
    publishes(FIRST);
    begin("hook");

    assertThat(statusOf(FIRST)).isEqualTo(200);
    clock.advance(Duration.ofMinutes(59));
    assertThat(statusOf(FIRST)).isEqualTo(200);
    assertThat(fetches()).isEqualTo(1);

    publishes(SECOND);
    clock.advance(Duration.ofMinutes(2));
    assertThat(statusOf(FIRST)).isEqualTo(401);
    assertThat(statusOf(SECOND)).isEqualTo(200);
    assertThat(fetches()).isEqualTo(2);
    run();
    assertThat(handled).hasSize(3);
  }

  @Test
  void aNewKeyIsFetchedThoughNotForEveryUnknownOne() {
    publishes(FIRST);
    begin("hook");
    assertThat(statusOf(FIRST)).isEqualTo(200);

    for (int i = 0; i < 20; i++) {
      assertThat(statusOf(SECOND)).isEqualTo(401);
    }
    assertThat(fetches()).isEqualTo(1);

    clock.advance(Duration.ofMinutes(5));
    publishes(FIRST, SECOND);
    assertThat(statusOf(SECOND)).isEqualTo(200);
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  @Tag("G5")
  void whatCannotBeCheckedNowIsToBeSentAgain() {
    answers(new MockResponse.Builder().code(500).build());
    begin("hook");

    assertThat(statusOf(FIRST)).isEqualTo(503);
    assertThat(statusOf(FIRST)).isEqualTo(503);
    assertThat(fetches()).isEqualTo(1);

    publishes(FIRST);
    clock.advance(Duration.ofSeconds(30));
    assertThat(statusOf(FIRST)).isEqualTo(200);
  }

  @Test
  @Tag("G5")
  void knownKeysAreUsedForADayWhileTheyCannotBeFetchedAgain() {
    publishes(FIRST);
    begin("hook");
    assertThat(statusOf(FIRST)).isEqualTo(200);

    for (int hour = 0; hour < 23; hour++) {
      clock.advance(Duration.ofHours(1));
      answers(new MockResponse.Builder().code(500).build());
      assertThat(statusOf(FIRST)).isEqualTo(200);
    }

    clock.advance(Duration.ofHours(1));
    answers(new MockResponse.Builder().code(500).build());
    assertThat(statusOf(FIRST)).isEqualTo(503);
  }

  @Test
  @Tag("G5")
  void aPageInPlaceOfKeysDoesNotReplaceThem() {
    publishes(FIRST);
    begin("hook");
    assertThat(statusOf(FIRST)).isEqualTo(200);

    clock.advance(Duration.ofHours(1));
    answers(new MockResponse.Builder().body("<html>We will be back soon</html>").build());
    assertThat(statusOf(FIRST)).isEqualTo(200);

    clock.advance(Duration.ofMinutes(1));
    publishes(SECOND);
    assertThat(statusOf(FIRST)).as("once there is a set without it").isEqualTo(401);
  }

  @Test
  @Tag("G5")
  void aPageInPlaceOfTheFirstKeysIsNotKept() {
    answers(new MockResponse.Builder().body("<html>We will be back soon</html>").build());
    begin("hook");
    assertThat(statusOf(FIRST)).isEqualTo(503);

    clock.advance(Duration.ofSeconds(30));
    publishes(FIRST);
    assertThat(statusOf(FIRST)).isEqualTo(200);
  }

  @Test
  @Tag("G5")
  void aPageInPlaceOfTheKeyForAClientIsNotKept() {
    service.stubFor(get(urlPathEqualTo("/keys")).willReturn(ok("We will be back soon")));
    begin("clients");
    assertThat(statusOf(FIRST)).isEqualTo(503);

    clock.advance(Duration.ofSeconds(30));
    service.stubFor(get(urlPathEqualTo("/keys")).willReturn(okJson(new JWKSet(FIRST).toString())));
    assertThat(statusOf(FIRST)).isEqualTo(200);
  }

  @Test
  @Tag("G6")
  void whatIsTooLargeForKeysIsNotRead() {
    answers(new MockResponse.Builder().body("x".repeat(300 * 1024)).build());
    begin("hook");

    assertThat(statusOf(FIRST)).isEqualTo(503);
  }

  @Test
  @Tag("E4")
  void noRedirectLeadsToOtherKeys() {
    answers(new MockResponse.Builder().code(302).addHeader("Location", url() + "/keys").build());
    begin("hook");

    assertThat(statusOf(FIRST)).isEqualTo(503);
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @Tag("E2")
  void whatADeliveryNamesIsFetchedWhereTheHostAllowsItAlone() {
    begin("code");
    answers(new MockResponse.Builder().body("trusted").build());

    assertThat(statusWithKeysAt(keysAt("/a.pem"))).isEqualTo(200);
    assertThat(statusWithKeysAt(URI.create(url() + "/a.pem"))).isEqualTo(503);
    assertThat(service.getAllServeEvents()).isEmpty();

    addresses = AddressPolicy.publicOnly();
    restart();
    assertThat(statusWithKeysAt(keysAt("/a.pem"))).isEqualTo(503);
    assertThat(fetches()).isEqualTo(1);
  }

  @Test
  @Tag("E2")
  void whatTheAuthorNamesMayBeAnywhere() {
    addresses = AddressPolicy.publicOnly();
    restart();
    publishes(FIRST);
    begin("hook");

    assertThat(statusOf(FIRST)).isEqualTo(200);
  }

  @Test
  @Tag("G6")
  void forgedDeliveriesDoNotMakeForManyRequests() {
    begin("code");

    namesWrongKeys(100);

    assertThat(fetches()).isEqualTo(60);
  }

  @Test
  @Tag("G6")
  void whatOneSubscriptionHasFetchedTakesNothingFromAnother() {
    begin("code");
    namesWrongKeys(60);
    assertThat(statusWithKeysAt(keysAt("/trusted.pem"))).isEqualTo(503);

    begin("code");

    answers(new MockResponse.Builder().body("trusted").build());
    assertThat(statusWithKeysAt(keysAt("/trusted.pem"))).isEqualTo(200);
  }

  @Test
  void keysForClientsAloneAreAskedForWithTheConnection() {
    service.stubFor(
        get(urlPathEqualTo("/keys"))
            .withHeader("X-Api-Key", equalTo("ada-key"))
            .withQueryParam("id", equalTo("k-1"))
            .willReturn(okJson(new JWKSet(FIRST).toString())));
    begin("clients");

    assertThat(statusOf(FIRST)).isEqualTo(200);
    assertThat(statusOf(FIRST)).isEqualTo(200);
    assertThat(statusOf(SECOND)).isEqualTo(503);
    assertThat(statusOf(SECOND)).isEqualTo(503);

    service.verify(2, getRequestedFor(urlPathEqualTo("/keys")));
    assertThat(fetches()).isZero();
  }

  @Test
  @Tag("G7")
  void whatASignedHandshakeAsksForIsOpenedBeforeItIsAnswered() throws Exception {
    begin("confirmed");
    answers(new MockResponse.Builder().build());

    assertThat(statusOfConfirmation(keysAt("/confirm?token=abc"))).isEqualTo(200);
    assertThat(publisher.takeRequest().getTarget()).isEqualTo("/confirm?token=abc");

    answers(new MockResponse.Builder().code(500).build());
    assertThat(statusOfConfirmation(keysAt("/confirm?token=abc"))).isEqualTo(503);
    assertThat(statusOfConfirmation(keysAt("/others?token=abc"))).isEqualTo(401);
    assertThat(fetches()).isEqualTo(2);
  }

  private int statusOfConfirmation(URI opened) {
    Delivery sample = unsigned("{\"type\":\"confirm\",\"open\":\"" + opened + "\"}");
    Delivery delivery =
        WebhookSignatures.sign(confirmed(), Secret.of(secret), sample, url, clock.instant());
    return send(url, delivery).statusCode();
  }

  /** Sends so many deliveries, each of which says that its keys are somewhere else. */
  private void namesWrongKeys(int deliveries) {
    for (int i = 0; i < deliveries; i++) {
      answers(new MockResponse.Builder().body("others").build());
      statusWithKeysAt(keysAt("/" + i + ".pem"));
    }
  }

  private int statusWithKeysAt(URI location) {
    var delivery =
        new Delivery(
            "POST",
            Map.of("keys-at", List.of(location.toString())),
            null,
            item("T-" + ++sent).getBytes(StandardCharsets.UTF_8));
    return send(url, delivery).statusCode();
  }
}

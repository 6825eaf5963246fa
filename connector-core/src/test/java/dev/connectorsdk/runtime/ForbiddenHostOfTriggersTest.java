package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No trigger leads to a host that a data policy forbids, though the address policy allows all. */
@Tag("I3")
class ForbiddenHostOfTriggersTest extends WebhookHostTest {

  private static ForbiddenHost forbidden;

  private URI callback;
  private String secret;

  /** What a flow has sent by itself. */
  enum WayOut {
    POLL,
    SUBSCRIBE,
    RENEW,
    CHECK
  }

  @BeforeAll
  static void listen() throws IOException {
    forbidden = new ForbiddenHost();
  }

  @AfterAll
  static void end() throws IOException {
    forbidden.close();
  }

  private static void send(ConnectorHttp http) {
    http.callEncoded("GET", forbidden.url() + "/x").send();
  }

  private WebhookTrigger.Builder<Nothing, Item> begun(String id, Signature signature) {
    return WebhookTrigger.builder(id, Nothing.class, Item.class)
        .titled("When there is an item")
        .signature(signature)
        .subscribe(
            (none, url, call) -> {
              callback = url.url();
              secret = url.secret().reveal();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> send(call.http()));
  }

  private static Trigger<?, ?> done(WebhookTrigger.Builder<Nothing, Item> trigger) {
    return trigger.receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  private Signature keySet() {
    return Signature.jwt(Algorithm.JWT_RS256)
        .in(Place.bearer())
        .keySet(URI.create("https://" + forbidden.host() + "/keys"))
        .id("{json:/id}")
        .build();
  }

  private static Signature confirmed() {
    return Signature.hmacSha256("{body}")
        .in(Encoding.HEX, Place.header("acme-signature"))
        .handshake(
            Handshake.signed("POST")
                .when(Place.json("/type"), "confirm")
                .opens(Place.json("/open"), "https://localhost:[0-9]+/confirm")
                .build())
        .build();
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .additionalOrigin(forbidden.url())
        .trigger(
            PollingTrigger.builder("POLL", Nothing.class, Integer.class, Item.class)
                .titled("When there is an item")
                .poll(
                    (poll, call) -> {
                      send(call.http());
                      throw new IllegalStateException("It was sent");
                    }))
        .trigger(
            done(
                begun("SUBSCRIBE", SIGNATURE)
                    .subscribe(
                        (none, url, call) -> {
                          send(call.http());
                          return Registration.of("1");
                        })))
        .trigger(
            done(
                begun("RENEW", SIGNATURE)
                    .subscribe(
                        (none, url, call) ->
                            Registration.of("1").until(clock.instant().plus(Duration.ofDays(2))))
                    .renew(
                        (registration, call) -> {
                          send(call.http());
                          return registration;
                        })))
        .trigger(
            done(
                begun("CHECK", SIGNATURE)
                    .find(
                        (none, url, call) -> {
                          send(call.http());
                          return Optional.of(Registration.of("1"));
                        })))
        .trigger(done(begun("keySet", keySet())))
        .trigger(done(begun("confirmed", confirmed())))
        .build();
  }

  private Subscription begin(String trigger) {
    flows.put(FLOW.id(), FLOW.calling(SHARED, trigger));
    clock.advance(Duration.ofSeconds(6));
    DataPolicy policy =
        DataPolicy.named("p").denyEndpoint("tickets", "*://" + forbidden.host()).build();
    runtime.policies().save(Administrator.ofRuntime(Principal.user("root")), policy, 0);
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce"));
    run();
    forbidden.forget();
    return subscription;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: no trigger leads to a forbidden host, and the flow's owners are told why")
  void noTriggerLeadsToAForbiddenHost(WayOut way) {
    Subscription subscription = begin(way.name());

    runAfter(Duration.ofHours(25));

    assertThat(forbidden.bytes()).isZero();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason())
        .contains("Data policy 'p'", "endpointConfigurations/tickets/1 Deny");
  }

  @Test
  @DisplayName("I3: a callback is not removed at a forbidden host, and is listed as an orphan")
  void aCallbackIsNotRemovedAtAForbiddenHost() {
    Subscription subscription = begin("confirmed");

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    for (int i = 0; i < 60; i++) {
      runAfter(Duration.ofMinutes(30));
    }

    assertThat(forbidden.bytes()).isZero();
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
  }

  @Test
  @DisplayName("I3: no keys are fetched from a forbidden host, and the delivery is to come again")
  void noKeysAreFetchedFromAForbiddenHost() {
    begin("keySet");

    Delivery delivery =
        new Delivery(
            "POST",
            Map.of("authorization", List.of("Bearer " + jwt())),
            null,
            item("T-1").getBytes(StandardCharsets.UTF_8));
    assertThat(send(callback, delivery).statusCode()).isEqualTo(503);
    assertThat(forbidden.bytes()).isZero();
  }

  private static String jwt() {
    return "eyJhbGciOiJSUzI1NiIsImtpZCI6ImstMSJ9.e30.AAAA";
  }

  @Test
  @DisplayName("I3: what a handshake names is not opened at a forbidden host")
  void whatAHandshakeNamesIsNotOpened() {
    begin("confirmed");

    Delivery sample =
        unsigned("{\"type\":\"confirm\",\"open\":\"https://" + forbidden.host() + "/confirm\"}");
    Delivery delivery =
        WebhookSignatures.sign(confirmed(), Secret.of(secret), sample, callback, clock.instant());
    assertThat(send(callback, delivery).statusCode()).isEqualTo(503);
    assertThat(forbidden.bytes()).isZero();
  }
}

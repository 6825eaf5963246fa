package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Application;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Webhooks of an application, which arrive at one URL for all accounts. */
@Tag("G8")
class ApplicationWebhookTest extends WebhookHostTest {

  private static final Flow BOBS = Flow.of("bobs", BOB.principal());
  private static final Caller BOBS_FLOW = BOB.running(BOBS);
  private static final Secret OLD = Secret.of("whsec_b2xkIHNlY3JldA==");
  private static final Secret NEW = Secret.of("whsec_bmV3IHNlY3JldA==");

  record Team(String team) {}

  record Message(String team, String id, String group, int times) {}

  private static final Application CHAT =
      new Application(
          SIGNATURE.toBuilder()
              .handshake(
                  Handshake.signed("POST")
                      .when(Place.json("/type"), "verify")
                      .text("{json:/challenge}")
                      .build())
              .handshake(
                  Handshake.token("GET", Place.query("token")).text("{query:challenge}").build())
              .build(),
          call -> call.http().get("/team").fetch(Team.class).team(),
          delivery -> delivery.wholeFor(delivery.as(Message.class).team()));

  private static final WebhookTrigger<Nothing, Item> ANY =
      WebhookTrigger.builder("any", Nothing.class, Item.class)
          .titled("When there is a message")
          .application(CHAT)
          .receive(ApplicationWebhookTest::messages);

  private static final WebhookTrigger<Project, Item> IN_GROUP =
      WebhookTrigger.builder("inGroup", Project.class, Item.class)
          .titled("When there is a message in a group")
          .application(CHAT)
          .only((wanted, item) -> item.group().equals(wanted.project()))
          .receive(ApplicationWebhookTest::messages);

  record Numbered(int project) {}

  private static final WebhookTrigger<Numbered, Item> STRICTER =
      WebhookTrigger.builder("inGroup", Numbered.class, Item.class)
          .titled("When there is a message in a numbered group")
          .application(CHAT)
          .only((wanted, item) -> item.group().equals(String.valueOf(wanted.project())))
          .receive(ApplicationWebhookTest::messages);

  private static final WebhookTrigger<Nothing, Item> OF_ANOTHER =
      WebhookTrigger.builder("any", Nothing.class, Item.class)
          .titled("When there is something")
          .application(
              new Application(
                  Signature.token().in(Place.header("t")).build(), c -> "", d -> Map.of()))
          .receive(delivery -> Received.nothing());

  private static final WebhookTrigger<Nothing, Item> ANSWERING_OTHERWISE =
      WebhookTrigger.builder("any", Nothing.class, Item.class)
          .titled("When there is a message")
          .application(CHAT)
          .successStatus(202)
          .receive(ApplicationWebhookTest::messages);

  private static final WebhookTrigger<Nothing, Item> BATCHED =
      WebhookTrigger.builder("any", Nothing.class, Item.class)
          .titled("When there is a message")
          .application(
              new Application(
                  SIGNATURE,
                  CHAT.connected(),
                  delivery ->
                      delivery.split(
                          delivery.json().path("all"), one -> one.path("team").asString(null))))
          .receive(
              delivery ->
                  Received.events(
                      Arrays.stream(delivery.as(Message[].class))
                          .map(one -> new Event<>("", new Item(one.id(), one.group())))
                          .toList()));

  private Dns dns = Dns.SYSTEM;
  private Connector connector = Tickets.builder(url()).trigger(ANY).trigger(IN_GROUP).build();
  private ClientRegistration client =
      ClientRegistration.publicClient("app")
          .withWebhookSecrets(OLD, NEW)
          .withWebhookToken(Secret.of("verify-me"));

  private static Received<Item> messages(Delivery delivery) {
    Message message = delivery.as(Message.class);
    Item item = new Item(message.id(), message.group());
    return Received.events(Collections.nCopies(message.times(), new Event<>("", item)));
  }

  @Override
  Connector connector() {
    return connector;
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder)
        .client("tickets", "apiKey", client)
        .httpClient(new OkHttpClient.Builder().dns(host -> dns.lookup(host)).build());
  }

  @Override
  @BeforeEach
  void start() {
    flows.put(BOBS.id(), BOBS);
    super.start();
    isOf("ada-key", "T1");
    isOf("bob-key", "T2");
    Connection bobs = connect(BOB, "bob-key");
    runtime.references().bind(BOB, SHARED, bobs.id());
  }

  private void restart(Connector next) {
    connector = next;
    restart();
  }

  private static void isOf(String key, String team) {
    service.stubFor(
        get("/team")
            .withHeader("X-Api-Key", equalTo(key))
            .willReturn(okJson("{\"team\":\"" + team + "\"}")));
  }

  private Subscription subscribe(Caller caller, SubscriptionSpec spec) {
    Subscription made = runtime.triggers().subscribe(caller, spec);
    run();
    return runtime.triggers().inspect(caller, made.id());
  }

  private static SubscriptionSpec any() {
    return SubscriptionSpec.of(SHARED, "any", Nothing.NOTHING, "announce");
  }

  private static SubscriptionSpec ofAdas() {
    return SubscriptionSpec.of(SHARED.ownedBy(ADA.principal()), "any", Nothing.NOTHING, "announce");
  }

  private static SubscriptionSpec inGroup(String group) {
    return SubscriptionSpec.of(SHARED, "inGroup", new Project(group), "announce");
  }

  private URI applicationUrl() {
    return runtime.triggers().applicationUrl("tickets", "apiKey");
  }

  private Delivery signed(Secret secret, String id, String body) {
    return signed(new Told(applicationUrl(), secret), id, body);
  }

  private static String message(String team, String id, String group, int times) {
    return "{\"team\":\"%s\",\"id\":\"%s\",\"group\":\"%s\",\"times\":%d,\"for\":\"T2\"}"
        .formatted(team, id, group, times);
  }

  private HttpResponse<String> tell(String team, String id) {
    return send(applicationUrl(), signed(NEW, "msg-" + id, message(team, id, "g", 1)));
  }

  private List<String> idsOf(Caller caller, Subscription subscription) {
    return runtime.triggers().events(caller, subscription.id(), null, 0, 100).stream()
        .map(event -> event.payload() == null ? "" : event.payload().path("id").asString())
        .toList();
  }

  @Test
  void aDeliveryGoesToTheSubscriptionsOfItsVerifiedAccountAlone() {
    Subscription adas = subscribe(ADAS_FLOW, any());
    Subscription bobs = subscribe(BOBS_FLOW, any());
    assertThat(List.of(adas.phase(), bobs.phase())).containsOnly(Phase.ACTIVE);

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);
    assertThat(tell("T3", "M-2").statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, adas)).containsExactly("M-1");
    assertThat(idsOf(BOBS_FLOW, bobs)).isEmpty();
    run();
    assertThat(handled).containsExactly("M-1");
    assertThat(handedOver.get(0).caller().flow()).isEqualTo(FLOW);
  }

  @Test
  @Tag("I7")
  void onePhaseOfALaterVersionKeepsNothingFromOthers() {
    List<Subscription> both =
        Stream.generate(() -> subscribe(ADAS_FLOW, any()))
            .limit(2)
            .sorted(Comparator.comparing(Subscription::id))
            .toList();
    StoredSubscription row = store.triggers().findSubscription(both.get(0).id()).orElseThrow();
    StoredSubscription later = row.next().with(new Life("DORMANT", "", true));
    assertThat(store.triggers().updateSubscription(later, row.version(), null)).isTrue();

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(503);

    assertThat(idsOf(ADAS_FLOW, both.get(1))).containsExactly("M-1");
  }

  @Test
  @Tag("G4")
  void ofADeliveryForSeveralAccountsEachGetsItsOwnEventsOnce() {
    restart(Tickets.builder(url()).trigger(BATCHED).build());
    Subscription adas = subscribe(ADAS_FLOW, any());
    Subscription bobs = subscribe(BOBS_FLOW, any());
    String all =
        List.of("T1 M-1", "T2 M-2", "T3 M-3", "T1 M-4").stream()
            .map(one -> message(one.substring(0, 2), one.substring(3), "g", 1))
            .collect(Collectors.joining(",", "{\"all\":[{\"id\":\"M-5\"},", "]}"));

    for (int i = 0; i < 2; i++) {
      assertThat(send(applicationUrl(), signed(NEW, "msg-1", all)).statusCode()).isEqualTo(200);
    }

    assertThat(idsOf(ADAS_FLOW, adas)).containsExactly("M-1", "M-4");
    assertThat(idsOf(BOBS_FLOW, bobs)).containsExactly("M-2");
  }

  @Test
  @Tag("G1")
  void theSignatureOfTheApplicationComesFirst() {
    Subscription adas = subscribe(ADAS_FLOW, any());
    String body = message("T1", "M-1", "g", 1);
    Delivery forged = signed(Secret.of("whsec_b3RoZXJz"), "msg-1", body);
    Delivery genuine = signed(OLD, "msg-1", body);
    Delivery changed =
        new Delivery(
            "POST",
            genuine.headers(),
            null,
            message("T2", "M-1", "g", 1).getBytes(StandardCharsets.UTF_8));

    assertThat(send(applicationUrl(), forged).statusCode()).isEqualTo(401);
    assertThat(send(applicationUrl(), changed).statusCode()).isEqualTo(401);
    assertThat(idsOf(ADAS_FLOW, adas)).isEmpty();

    assertThat(send(applicationUrl(), genuine).statusCode()).isEqualTo(200);
    assertThat(idsOf(ADAS_FLOW, adas)).containsExactly("M-1");
  }

  @Test
  @Tag("G3")
  void aSecretThatWasReplacedIsRefusedAtOnce() {
    subscribe(ADAS_FLOW, any());
    client = ClientRegistration.publicClient("app").withWebhookSecrets(NEW);
    restart();

    String body = message("T1", "M-1", "g", 1);
    assertThat(send(applicationUrl(), signed(OLD, "msg-1", body)).statusCode()).isEqualTo(401);
    assertThat(send(applicationUrl(), signed(NEW, "msg-1", body)).statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G4")
  void eachSubscriptionGetsWhatItAsksForOnce() {
    Subscription any = subscribe(ADAS_FLOW, any());
    Subscription here = subscribe(ADAS_FLOW, inGroup("g"));
    Subscription there = subscribe(ADAS_FLOW, inGroup("other"));

    tell("T1", "M-1");
    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, any)).containsExactly("M-1");
    assertThat(idsOf(ADAS_FLOW, here)).containsExactly("M-1");
    assertThat(idsOf(ADAS_FLOW, there)).isEmpty();
  }

  @Test
  @Tag("G5")
  void aFullInboxKeepsNothingFromOthersAndIsAGap() {
    Subscription paused = subscribe(ADAS_FLOW, any());
    Subscription other = subscribe(ADAS_FLOW, inGroup("g"));
    runtime.triggers().pause(ADAS_FLOW, paused.id());
    send(applicationUrl(), signed(NEW, "msg-many", message("T1", "M-0", "none", 10_000)));
    assertThat(inspect(paused).waiting()).isEqualTo(10_000);

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(inspect(paused).waiting()).isEqualTo(10_000);
    assertThat(idsOf(ADAS_FLOW, other)).containsExactly("M-1");
    runtime.triggers().resume(ADAS_FLOW, paused.id());
    run();
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @Tag("G5")
  void whatCannotBeReadIsSentAgain() {
    subscribe(ADAS_FLOW, any());

    assertThat(send(applicationUrl(), signed(NEW, "msg-1", "no json")).statusCode()).isEqualTo(400);
  }

  @Test
  @Tag("G14")
  void theAccountFollowsTheReference() {
    Subscription adas = subscribe(ADAS_FLOW, any());
    isOf("other-key", "T9");
    Connection other = connect(ADA, "other-key");
    runtime.references().bind(ADA, SHARED, other.id());
    runAfter(ROUND);

    tell("T1", "M-1");
    tell("T9", "M-2");

    assertThat(idsOf(ADAS_FLOW, adas)).containsExactly("M-2");
  }

  @Test
  @Tag("G14")
  void oneThatHasEndedGetsNothing() {
    Subscription adas = subscribe(ADAS_FLOW, any());
    runtime.triggers().unsubscribe(ADAS_FLOW, adas.id());

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);
    run();

    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
    assertThat(handled).isEmpty();
  }

  @Test
  @Tag("G7")
  void theUrlProvesItselfWithSignatureOrToken() {
    Delivery challenge = signed(NEW, "msg-1", "{\"type\":\"verify\",\"challenge\":\"abc\"}");
    assertThat(send(applicationUrl(), challenge).body()).isEqualTo("abc");

    var get = new Delivery("GET", Map.of(), null, new byte[0]);
    URI right = URI.create(applicationUrl() + "?token=verify-me&challenge=xyz");
    URI wrong = URI.create(applicationUrl() + "?token=another&challenge=xyz");
    assertThat(send(right, get).body()).isEqualTo("xyz");
    assertThat(send(wrong, get).statusCode()).isEqualTo(401);
  }

  @Test
  @Tag("G6")
  void anotherMethodIsToldWhichTheUrlTakes() {
    var put = new Delivery("PUT", Map.of(), null, new byte[0]);

    HttpResponse<String> refused = send(applicationUrl(), put);

    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("allow")).hasValue("POST, GET");
  }

  @Test
  @Tag("G2")
  void withoutASecretNothingIsReceived() {
    URI known = applicationUrl();
    client = ClientRegistration.publicClient("app");
    restart();

    Subscription adas = subscribe(ADAS_FLOW, any());

    assertThat(adas.phase()).isEqualTo(Phase.SUBSCRIBING);
    assertThat(adas.lastError()).contains("ClientRegistration.withWebhookSecrets");
    Delivery delivery = signed(new Told(known, NEW), "msg-1", message("T1", "M-1", "g", 1));
    assertThat(send(known, delivery).statusCode()).isEqualTo(404);
    assertThatExceptionOfType(NotFoundException.class).isThrownBy(this::applicationUrl);
  }

  @Test
  void whatAServiceSaysProvesNothingWhereTheOwnerChoosesTheService() {
    restart(
        Tickets.builder("{site}").parameter(ConnectionParameter.text("site")).trigger(ANY).build());
    Connection own =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "apiKey")
                    .with("site", url())
                    .secret("api_key", Secret.of("ada-key")));
    runtime.references().bind(ADA, SHARED, own.id());

    Subscription adas = subscribe(ADAS_FLOW, any());

    assertThat(adas.lastError()).contains("proves nothing");
    tell("T1", "M-1");
    assertThat(idsOf(ADAS_FLOW, adas)).isEmpty();
  }

  @Test
  void aNameBelowADomainOfTheServiceLeadsToTheServiceAllTheSame() {
    dns = host -> List.of(InetAddress.getLoopbackAddress());
    restart(
        Tickets.builder("http://{shop}.tickets.localhost:" + service.port())
            .parameter(ConnectionParameter.text("shop"))
            .trigger(ANY)
            .build());
    Connection own =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "apiKey")
                    .with("shop", "one")
                    .secret("api_key", Secret.of("ada-key")));
    runtime.references().bind(ADA, SHARED, own.id());

    Subscription adas = subscribe(ADAS_FLOW, any());
    tell("T1", "M-1");

    assertThat(adas.lastError()).isEmpty();
    assertThat(idsOf(ADAS_FLOW, adas)).containsExactly("M-1");
  }

  @Test
  @Tag("I1")
  void whoseConnectionWasDeletedGetsNothing() {
    Subscription adas = subscribe(ADAS_FLOW, any());

    runtime.connections().delete(ADA, runtime.connections().list(ADA).get(0).id());

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);
    assertThat(idsOf(ADAS_FLOW, adas)).isEmpty();
  }

  @Test
  @Tag("I1")
  void whoseGrantWasTakenBackIsHandedNothing() {
    runtime.references().grant(ADA, SHARED, BOB.principal());
    Subscription bobs = subscribe(BOBS_FLOW, ofAdas());
    runtime.references().revoke(ADA, SHARED, BOB.principal());
    runAfter(ROUND);
    assertThat(runtime.triggers().inspect(BOBS_FLOW, bobs.id()).phase()).isEqualTo(Phase.WAITING);

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);
    run();

    assertThat(handled).isEmpty();
  }

  @Test
  @Tag("I1")
  void aFailureOnAGrantedConnectionNamesNeitherItNorItsService() {
    runtime.references().grant(ADA, SHARED, BOB.principal());
    service.stubFor(get("/team").willReturn(status(500)));

    Subscription bobs = subscribe(BOBS_FLOW, ofAdas());

    assertThat(bobs.lastError())
        .contains("500")
        .doesNotContain(runtime.connections().list(ADA).get(0).id().value())
        .doesNotContain(url());
  }

  @Test
  void theAccountIsAskedForOnceADay() {
    Subscription adas = subscribe(ADAS_FLOW, any());
    isOf("ada-key", "T9");
    runAfter(Duration.ofDays(1));

    tell("T1", "M-1");
    tell("T9", "M-2");

    assertThat(idsOf(ADAS_FLOW, adas)).containsExactly("M-2");
  }

  @Test
  @Tag("G5")
  void whatOneCannotTakeAnyMoreIsKeptFromNoOtherAndIsAGap() {
    List<Subscription> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(subscribe(ADAS_FLOW, any()));
      subscribe(ADAS_FLOW, inGroup("g"));
    }
    restart(Tickets.builder(url()).trigger(ANY).trigger(STRICTER).build());

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(others).allMatch(one -> idsOf(ADAS_FLOW, one).equals(List.of("M-1")));
    restart(Tickets.builder(url()).trigger(ANY).trigger(IN_GROUP).build());
    run();
    assertThat(heard(EventsMissing.class)).hasSize(4);
  }

  @Test
  @Tag("G5")
  void whatCannotBeStoredWhileTheDirectoryOfFlowsFailsIsKeptFromNoOtherAndSentAgain() {
    isKeptFromNoOtherAndSentAgain(
        () -> {
          throw new IllegalStateException("no line to it");
        });
  }

  @Test
  @Tag("G5")
  void whatCannotBeStoredWhileTheDirectoryOfFlowsIsSlowIsKeptFromNoOtherAndSentAgain() {
    Runnable slow = () -> clock.advance(Duration.ofSeconds(6));
    isKeptFromNoOtherAndSentAgain(
        () -> {
          slow.run();
          whenAFlowIsLookedFor(slow);
        });
  }

  private void isKeptFromNoOtherAndSentAgain(Runnable whenAFlowIsLookedFor) {
    List<Subscription> both = List.of(subscribe(ADAS_FLOW, any()), subscribe(ADAS_FLOW, any()));
    clock.advance(Duration.ofSeconds(6));
    whenAFlowIsLookedFor(whenAFlowIsLookedFor);

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(503);
    assertThat(both.stream().flatMap(one -> idsOf(ADAS_FLOW, one).stream())).containsExactly("M-1");
    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(both).allMatch(one -> idsOf(ADAS_FLOW, one).equals(List.of("M-1")));
  }

  @Test
  @Tag("G5")
  void whatOneOfAnUnknownFlowCannotTakeIsKeptFromNoOther() {
    Flow gone = Flow.of("gone", ADA.principal());
    flows.put(gone.id(), gone);
    List<Subscription> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(subscribe(ADAS_FLOW, any()));
      subscribe(ADA.running(gone), inGroup("g"));
    }
    flows.remove(gone.id());
    restart(Tickets.builder(url()).trigger(ANY).trigger(STRICTER).build());

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(others).allMatch(one -> idsOf(ADAS_FLOW, one).equals(List.of("M-1")));
  }

  @Test
  @Tag("G5")
  void aTriggerThatWasRemovedKeepsNothingFromOthersAndIsAGap() {
    Subscription known = subscribe(ADAS_FLOW, any());
    Subscription removed = subscribe(ADAS_FLOW, inGroup("g"));
    restart(Tickets.builder(url()).trigger(ANY).build());

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);
    assertThat(tell("T1", "M-2").statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, known)).containsExactly("M-1", "M-2");
    restart(Tickets.builder(url()).trigger(ANY).trigger(IN_GROUP).build());
    run();
    assertThat(heard(EventsMissing.class))
        .extracting(EventsMissing::subscription)
        .containsExactly(removed.id());
  }

  @Test
  @Tag("I3")
  void whatArrivesForASuspendedFlowIsNotStoredAndIsAGap() {
    Administrator administrator = Administrator.ofRuntime(Principal.user("root"));
    Subscription suspended = subscribe(ADAS_FLOW, any());
    runtime.policies().save(administrator, DataPolicy.named("p").blocked("tickets").build(), 0);

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, suspended)).isEmpty();
    runtime.policies().delete(administrator, "p", 1);
    runAfter(ROUND);
    run();
    assertThat(heard(EventsMissing.class)).isNotEmpty();
  }

  @Test
  @Tag("G5")
  void whatTheTriggerOfOneCannotReadIsKeptFromNoOther() {
    WebhookTrigger<Nothing, Item> broken =
        WebhookTrigger.builder("broken", Nothing.class, Item.class)
            .titled("When there is a message")
            .application(CHAT)
            .receive(
                delivery -> {
                  throw new IllegalStateException("a fault of its author");
                });
    restart(Tickets.builder(url()).trigger(ANY).trigger(broken).build());
    subscribe(ADAS_FLOW, SubscriptionSpec.of(SHARED, "broken", Nothing.NOTHING, "announce"));
    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(500);
    Subscription other = subscribe(ADAS_FLOW, any());

    assertThat(tell("T1", "M-2").statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, other)).containsExactly("M-2");
    run();
    assertThat(heard(EventsMissing.class)).isNotEmpty();
  }

  @Test
  @Tag("G5")
  void oneWhoseKeyIsLostKeepsNothingFromOthers() {
    Subscription lost = subscribe(ADAS_FLOW, any());
    Subscription other = subscribe(ADAS_FLOW, any());
    StoredSubscription row = store.triggers().findSubscription(lost.id()).orElseThrow();
    StoredSubscription unreadable = row.next().with(new Sealed("lost-key", "unreadable"));
    assertThat(store.triggers().updateSubscription(unreadable, row.version(), Duration.ZERO))
        .isTrue();

    assertThat(tell("T1", "M-1").statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, other)).containsExactly("M-1");
  }

  @Test
  @Tag("G7")
  void whatMakersAskOfAnApplicationsUrlIsAnsweredAsTextAlone() {
    for (Signature maker : List.of(Signatures.dropbox(), Signatures.trello())) {
      Application application = new Application(maker, c -> "", d -> Map.of());
      client = ClientRegistration.publicClient("app").withWebhookSecrets(Secret.of("s3cret"));
      restart(
          Tickets.builder(url())
              .trigger(
                  WebhookTrigger.builder("any", Nothing.class, Item.class)
                      .titled("When there is something")
                      .application(application)
                      .receive(delivery -> Received.nothing()))
              .build());
      boolean asksByGet = maker.handshakes().get(0).method().equals("GET");
      URI url = URI.create(applicationUrl() + (asksByGet ? "?challenge=%3Cscript%3E" : ""));
      String method = maker.handshakes().get(0).method();

      HttpResponse<String> answer = send(url, new Delivery(method, Map.of(), null, new byte[0]));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.body()).isEqualTo(asksByGet ? "<script>" : "");
      if (asksByGet) {
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("text/plain; charset=utf-8");
      }
      assertThat(send(url, unsigned(item("M-1"))).statusCode()).isEqualTo(401);
    }
  }

  @Test
  @Tag("G7")
  void nobodyTellsTheUrlOfAnApplicationAnotherSecretOrHasItReadWhatIsNotChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Application(Signatures.asana(), c -> "", d -> Map.of()))
        .withMessageContaining("cannot bring the secret of an application");
    Signature told =
        SIGNATURE.toBuilder()
            .handshake(
                Handshake.unprotected("POST")
                    .when(Place.json("/challenge"))
                    .text("{json:/challenge}")
                    .build())
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Application(told, c -> "", d -> Map.of()))
        .withMessageContaining("cannot be told by a body that nobody has checked");
  }

  @Test
  @Tag("G2")
  void itsDeliveriesHaveToBeSigned() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Application(Signature.unsigned().build(), c -> "", d -> Map.of()))
        .withMessageContaining("have to be signed");
  }

  @Test
  @Tag("G2")
  void aSecretThatCannotBeUsedIsRefusedWhenTheRuntimeIsBuilt() {
    client = ClientRegistration.publicClient("app").withWebhookSecrets(NEW, Secret.of(" "));

    assertThatIllegalArgumentException()
        .isThrownBy(this::node)
        .withMessageContaining(
            "webhook secret of the client for auth option 'apiKey' of connector 'tickets'");
  }

  @Test
  void eachEnvironmentOfACustomConnectorHasAnApplicationOfItsOwn() {
    Secret ofDev = Secret.of("whsec_ZGV2");
    Secret ofApp = Secret.of("whsec_YXBw");
    Connector desk =
        Connector.builder("desk", url())
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .trigger(ANY)
            .build();
    runtime.close();
    runtime =
        inHost(builder())
            .connector(desk, "dev", "app")
            .client("desk", "apiKey", withSecret(ofDev), "dev")
            .client("desk", "apiKey", withSecret(ofApp), "app")
            .handler("announce", Item.class, (item, event) -> handled.add(item.id()))
            .stopped();
    Caller inApp = ADA.principal().in("app");
    var mine = ConnectionReference.embedded("team-desk", "desk");
    List<Subscription> subscriptions = new ArrayList<>();
    for (Caller caller : List.of(ADA, inApp)) {
      var spec = ConnectionSpec.of("desk", "apiKey").secret("api_key", Secret.of("ada-key"));
      runtime.references().bind(caller, mine, runtime.connections().create(caller, spec).id());
      subscriptions.add(
          subscribe(
              caller.running(FLOW), SubscriptionSpec.of(mine, "any", Nothing.NOTHING, "announce")));
    }

    URI atDev = runtime.triggers().applicationUrl("desk", "apiKey", "dev");
    URI atApp = runtime.triggers().applicationUrl("desk", "apiKey", "app");
    assertThat(send(atApp, told(atApp, ofDev)).statusCode()).isEqualTo(401);
    assertThat(send(atDev, told(atDev, ofDev)).statusCode()).isEqualTo(200);
    assertThat(send(atApp, told(atApp, ofApp)).statusCode()).isEqualTo(200);

    assertThat(idsOf(ADAS_FLOW, subscriptions.get(0))).containsExactly("M-1");
    assertThat(idsOf(inApp.running(FLOW), subscriptions.get(1))).containsExactly("M-1");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.triggers().applicationUrl("desk", "apiKey"));
  }

  private static ClientRegistration withSecret(Secret secret) {
    return ClientRegistration.publicClient("app").withWebhookSecrets(secret);
  }

  private Delivery told(URI url, Secret secret) {
    return signed(new Told(url, secret), "msg-1", message("T1", "M-1", "g", 1));
  }

  @Test
  @Tag("G7")
  void aTokenThatAnybodyCouldSendIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.withWebhookToken(Secret.of(" ")))
        .withMessageContaining("blank");
  }

  @Test
  void aConnectorHasOneApplication() {
    restart(Tickets.builder(url()).trigger(OF_ANOTHER).trigger(IN_GROUP).build());

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> subscribe(ADAS_FLOW, any()))
        .withMessageContaining("same application");
  }

  @Test
  void oneUrlHasOneAnswer() {
    restart(Tickets.builder(url()).trigger(ANSWERING_OTHERWISE).trigger(IN_GROUP).build());

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> subscribe(ADAS_FLOW, any()))
        .withMessageContaining("success status");
  }
}

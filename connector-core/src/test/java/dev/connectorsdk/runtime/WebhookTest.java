package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What arrives at a callback URL, over HTTP. */
class WebhookTest extends WebhookHostTest {

  private static final Signature ASKED_AGAIN = Signatures.smartsheet();
  private static final Signature SIGNED_URL =
      Signature.hmacSha256("{url}{body}").in(Encoding.BASE64, Place.header("X-Signature")).build();

  private Told askedAgain;
  private Told signedUrl;
  private final FaultyTriggers faults = new FaultyTriggers(store);
  private final List<HttpResponse<String>> validated = new ArrayList<>();
  private final List<byte[]> raw = new ArrayList<>();
  private final List<URI> taughtUrls = new ArrayList<>();
  private Runnable whileTaught = () -> {};
  private URI validatedUrl;
  private URI rawUrl;
  private URI documentsUrl;

  @Override
  WebhookTrigger<Nothing, Item> trigger() {
    return hook()
        .receive(
            delivery -> {
              Item item = delivery.as(Item.class);
              int many = item.group().isEmpty() ? 1 : Integer.parseInt(item.group());
              return Received.events(Collections.nCopies(many, new Event<>("", item)));
            });
  }

  /** Calls back before it answers, as some services do. */
  private WebhookTrigger<Nothing, Item> validated() {
    return WebhookTrigger.builder("validated", Nothing.class, Item.class)
        .signature(Signatures.microsoftGraph())
        .subscribe(
            (none, callback, call) -> {
              validatedUrl = callback.url();
              validated.add(validate(callback.url()));
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.nothing());
  }

  private static HttpResponse<String> validate(URI url) {
    URI tried = URI.create(url + "?validationToken=%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    return send(tried, new Delivery("POST", Map.of(), null, new byte[0]));
  }

  private WebhookTrigger<Nothing, byte[]> raw() {
    return WebhookTrigger.builder("raw", Nothing.class, byte[].class)
        .signature(Signature.unsigned().build())
        .successStatus(202)
        .subscribe(
            (none, callback, call) -> {
              rawUrl = callback.url();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.body()));
  }

  record Document(String id, FileSource content) {

    @Override
    public String id() {
      if (id.equals("unwritable")) {
        throw new IllegalStateException("s3cret");
      }
      return id;
    }
  }

  private WebhookTrigger<Nothing, Document> documents() {
    return WebhookTrigger.builder("documents", Nothing.class, Document.class)
        .signature(Signature.unsigned().build())
        .subscribe(
            (none, callback, call) -> {
              documentsUrl = callback.url();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(
            delivery -> Received.of(new Document(delivery.text(), FileSource.of(delivery.body()))));
  }

  /** Chooses the secret, and tells it while it is registered. */
  private WebhookTrigger<Nothing, Item> taught() {
    return WebhookTrigger.builder("taught", Nothing.class, Item.class)
        .signature(Signatures.asana())
        .subscribe(
            (none, callback, call) -> {
              taughtUrls.add(callback.url());
              send(
                  callback.url(),
                  new Delivery(
                      "POST", Map.of("X-Hook-Secret", List.of("taught")), null, new byte[0]));
              whileTaught.run();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  /** Sends the same body each time that there is something new. */
  private WebhookTrigger<Nothing, Item> news() {
    return WebhookTrigger.builder("news", Nothing.class, Item.class)
        .signature(Signature.unsigned().bodyIsNoId().build())
        .subscribe(
            (none, callback, call) -> {
              rawUrl = callback.url();
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  /** Is asked in every hundredth delivery or so whether the URL is still the right one. */
  private WebhookTrigger<Nothing, Item> askedAgain() {
    return WebhookTrigger.builder("askedAgain", Nothing.class, Item.class)
        .signature(ASKED_AGAIN)
        .subscribe(
            (none, callback, call) -> {
              askedAgain = new Told(callback.url(), callback.secret());
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  /** Signs the URL that was registered as well. */
  private WebhookTrigger<Nothing, Item> signedUrl() {
    return WebhookTrigger.builder("signedUrl", Nothing.class, Item.class)
        .signature(SIGNED_URL)
        .subscribe(
            (none, callback, call) -> {
              signedUrl = new Told(callback.url(), callback.secret());
              return Registration.of("1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .trigger(trigger())
        .trigger(validated())
        .trigger(raw())
        .trigger(documents())
        .trigger(news())
        .trigger(taught())
        .trigger(askedAgain())
        .trigger(signedUrl())
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder)
        .store(faults.store(), keys)
        .handler("raw", byte[].class, (bytes, event) -> raw.add(bytes))
        .handler("read", JsonNode.class, (document, event) -> {});
  }

  private static Delivery with(Delivery delivery, String header, String value) {
    Map<String, List<String>> headers = new HashMap<>(delivery.headers());
    headers.put(header, List.of(value));
    return new Delivery(delivery.method(), headers, delivery.query(), delivery.body());
  }

  private static Delivery with(Delivery delivery, byte[] body) {
    return new Delivery(delivery.method(), delivery.headers(), delivery.query(), body);
  }

  private int stored(Subscription subscription) {
    return runtime.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 1_000).size();
  }

  @Test
  @Tag("G5")
  void anEventIsStoredThenAnsweredThenHandled() {
    Subscription subscription = subscribeToHook();
    assertThat(subscription.phase()).isEqualTo(Phase.ACTIVE);

    HttpResponse<String> answer = send(told(), "T-1");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(handled).isEmpty();
    assertThat(stored(subscription)).isEqualTo(1);
    run();
    assertThat(handled).containsExactly("T-1");
    assertThat(handedOver.get(0).id()).isEqualTo("msg-T-1");
  }

  @Test
  void moreDeliveriesInAMinuteThanAreTakenAreStoredAndPauseTheSubscription() {
    Subscription subscription =
        subscribe(
            SubscriptionSpec.of(SHARED, "hook", Nothing.NOTHING, "announce").atMostPerMinute(2));
    run();
    for (String id : List.of("T-1", "T-2", "T-3")) {
      assertThat(send(told(), id).statusCode()).isEqualTo(200);
    }

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.GUARDED);
    assertThat(inspect(subscription).reason()).isEqualTo("More than 2 events came within a minute");
    run();
    assertThat(handled).isEmpty();

    runtime.triggers().resume(ADAS_FLOW, subscription.id());
    run();
    assertThat(handled).containsExactlyInAnyOrder("T-1", "T-2", "T-3");
  }

  @Test
  @Tag("G1")
  void whatWasChangedByOneByteIsRefusedAndStoredNowhere() {
    Subscription subscription = subscribeToHook();
    Told told = told();
    Delivery genuine = signed(told, "msg-1", item("T-1"));
    String time = genuine.headers().get("webhook-timestamp").get(0);
    String signature = genuine.headers().get("webhook-signature").get(0);
    byte[] other = genuine.body().clone();
    other[7] ^= 1;

    List<Delivery> spoilt =
        List.of(
            with(genuine, other),
            with(genuine, "{ \"id\":\"T-1\",\"group\":\"\"}".getBytes(StandardCharsets.UTF_8)),
            with(genuine, "webhook-id", "msg-2"),
            with(genuine, "webhook-timestamp", String.valueOf(Long.parseLong(time) + 1)),
            with(genuine, "webhook-signature", signature.replace("v1,", "v1,A")));

    for (Delivery one : spoilt) {
      assertThat(send(told.url(), one).statusCode()).isEqualTo(401);
    }
    assertThat(stored(subscription)).isZero();
    assertThat(send(told.url(), genuine).statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G2")
  void withoutASignatureAndWithAnotherSecretItIsRefused() {
    Subscription subscription = subscribeToHook();
    Told told = told();
    Delivery genuine = signed(told, "msg-1", item("T-1"));
    Map<String, List<String>> headers = new HashMap<>(genuine.headers());
    headers.remove("webhook-signature");
    Told others = new Told(told.url(), Secret.of("whsec_b3RoZXJzIHNlY3JldA=="));

    assertThat(send(told.url(), new Delivery("POST", headers, null, genuine.body())).statusCode())
        .isEqualTo(401);
    assertThat(send(told.url(), signed(others, "msg-1", item("T-1"))).statusCode()).isEqualTo(401);
    assertThat(stored(subscription)).isZero();
  }

  @ParameterizedTest
  @Tag("G3")
  @CsvSource({"-301, 401", "-299, 200", "0, 200", "299, 200", "301, 401"})
  void aTimestampMayDifferByFiveMinutesEitherWay(int seconds, int status) {
    subscribeToHook();
    Delivery delivery = signed(told(), "msg-1", item("T-1"));

    clock.advance(Duration.ofSeconds(-seconds));

    assertThat(send(told().url(), delivery).statusCode()).isEqualTo(status);
  }

  @Test
  @Tag("G4")
  void oneDeliverySentAHundredTimesToTwoNodesIsHandledOnce() throws Exception {
    subscribeToHook();
    Told told = told();
    Delivery delivery = signed(told, "msg-1", item("T-1"));
    ExecutorService senders = Executors.newFixedThreadPool(4);
    HttpServer otherWeb =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ConnectorRuntime second = node()) {
      otherWeb.createContext("/hooks", exchange -> answer(exchange, () -> second));
      otherWeb.start();
      URI there =
          URI.create(
              told.url()
                  .toString()
                  .replace(":" + told.url().getPort(), ":" + otherWeb.getAddress().getPort()));
      List<Callable<Integer>> sendings = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        URI url = i % 2 == 0 ? told.url() : there;
        sendings.add(() -> send(url, delivery).statusCode());
      }

      for (Future<Integer> status : senders.invokeAll(sendings)) {
        assertThat(status.get()).isEqualTo(200);
      }
    } finally {
      senders.shutdownNow();
      otherWeb.stop(0);
    }
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G4")
  void aRepetitionIsKnownForSevenDays() {
    subscribeToHook();
    send(told(), "T-1");
    run();
    runAfter(Duration.ofDays(6));
    send(told(), "T-1");
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G4")
  void theSameBodyIsARepetitionUnlessTheSignatureSaysThatItIsNone() {
    for (String trigger : List.of("raw", "news")) {
      Subscription subscription =
          subscribe(SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce"));
      run();
      post(rawUrl, item("T-1"));
      post(rawUrl, item("T-1"));
      assertThat(stored(subscription)).as(trigger).isEqualTo(trigger.equals("raw") ? 1 : 2);
    }
  }

  @Test
  @Tag("G4")
  void deliveriesWithoutABodyAreNoRepetitionsOfEachOther() {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, "raw", Nothing.NOTHING, "announce"));
    run();
    post(rawUrl, "");
    post(rawUrl, "");

    assertThat(stored(subscription)).isEqualTo(2);
  }

  private static void post(URI url, String body) {
    assertThat(send(url, unsigned(body)).statusCode()).isBetween(200, 299);
  }

  @Test
  @Tag("G6")
  void whatNoServiceSendsIsRefusedBeforeItIsChecked() throws IOException {
    Subscription subscription = subscribeToHook();
    Told told = told();
    Delivery genuine = signed(told, "msg-1", item("T-1"));

    assertThat(received(told, "content-length", "1048577", neverRead()).status()).isEqualTo(413);
    var tooLong = new ByteArrayInputStream(new byte[1024 * 1024 + 1]);
    assertThat(received(told, "transfer-encoding", "chunked", tooLong).status()).isEqualTo(413);
    assertThat(received(told, "content-length", "-x", neverRead()).status()).isEqualTo(400);
    assertThat(send(told.url(), with(genuine, "content-encoding", "gzip")).statusCode())
        .isEqualTo(415);
    assertThat(send(told.url(), with(genuine, "x-filler", "x".repeat(16_400))).statusCode())
        .isEqualTo(431);
    UnaryOperator<Delivery> put = d -> new Delivery("PUT", d.headers(), d.query(), d.body());
    assertThat(send(told.url(), put.apply(genuine)).statusCode()).isEqualTo(405);
    assertThat(stored(subscription)).isZero();
  }

  private WebhookResponse received(Told told, String header, String value, InputStream body)
      throws IOException {
    return runtime
        .triggers()
        .receive(
            new WebhookRequest(
                "POST", told.url().getRawPath(), null, Map.of(header, List.of(value)), body));
  }

  private static InputStream neverRead() {
    return new InputStream() {
      @Override
      public int read() {
        throw new AssertionError("The body was read");
      }

      @Override
      public int read(byte[] into, int from, int length) {
        return read();
      }
    };
  }

  @ParameterizedTest
  @Tag("G6")
  @ValueSource(
      strings = {
        "/hooks/",
        "/hooks/x/y",
        "/hooks/AAAAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAAA",
        "{}x"
      })
  void aPathThatNobodyHasIsNotFound(String path) {
    subscribeToHook();
    Told told = told();
    String own = told.url().getRawPath();
    String changed = own.substring(0, own.length() - 1) + (own.endsWith("A") ? "B" : "A");
    URI url = told.url().resolve(path.equals("{}x") ? changed : path);

    HttpResponse<String> answer = send(url, signed(told, "msg-1", item("T-1")));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  @Tag("G5")
  void aPausedSubscriptionGoesOnStoring() {
    Subscription subscription = subscribeToHook();
    runtime.triggers().pause(ADAS_FLOW, subscription.id());

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    run();
    assertThat(handled).isEmpty();

    runtime.triggers().resume(ADAS_FLOW, subscription.id());
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G5")
  void oneWithoutItsHandlerGoesOnStoring() {
    subscribeToHook();
    runtime.close();
    runtime = inHost(builder()).handler("another", Item.class, (item, event) -> {}).stopped();

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    run();
    assertThat(handled).isEmpty();

    restart();
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G5")
  void oneWhoseReferenceLeadsNowhereGoesOnStoring() {
    Subscription subscription = subscribeToHook();
    runtime.references().unbind(ADA, SHARED);
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);

    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G5")
  void whatTheStoreDoesNotTakeIsNotAcknowledged() {
    Subscription subscription = subscribeToHook();
    faults.failsBefore = true;

    HttpResponse<String> answer = send(told(), "T-1");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("30");
    assertThat(stored(subscription)).isZero();
    faults.failsBefore = false;
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G5")
  void whatWasStoredAndNotAcknowledgedIsHandledOnce() {
    subscribeToHook();
    faults.failsAfter = true;
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(503);
    faults.failsAfter = false;
    run();

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    run();

    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @Tag("G5")
  void aFullInboxTakesNoMore() {
    Subscription subscription = subscribeToHook();
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    Delivery many = signed(told(), "msg-many", "{\"id\":\"T\",\"group\":\"10000\"}");
    assertThat(send(told().url(), many).statusCode()).isEqualTo(200);

    HttpResponse<String> answer = send(told(), "T-1");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(send(told().url(), many).statusCode()).isEqualTo(200);
    assertThat(inspect(subscription).waiting()).isEqualTo(10_000);
  }

  @Test
  @Tag("G7")
  void aHandshakeIsAnsweredWhileTheSubscriptionWaitsForIt() {
    subscribe(SubscriptionSpec.of(SHARED, "validated", Nothing.NOTHING, "announce"));
    run();

    HttpResponse<String> awaited = validated.get(0);
    assertThat(awaited.statusCode()).isEqualTo(200);
    assertThat(awaited.body()).isEqualTo("<script>alert(1)</script>");
    assertThat(awaited.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(awaited.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    HttpResponse<String> later = validate(validatedUrl);
    assertThat(later.statusCode()).isEqualTo(404);
    assertThat(later.body()).isEmpty();
  }

  @Test
  @Tag("G7")
  void aHandshakeThatBringsTheSecretDoesNotHaveOthersRegisterToo() {
    try (ConnectorRuntime second = node()) {
      whileTaught =
          () -> {
            second.triggerModule().runDue();
            clock.advance(Duration.ofSeconds(61));
            second.triggerModule().runDue();
          };
      Subscription subscription =
          subscribe(SubscriptionSpec.of(SHARED, "taught", Nothing.NOTHING, "announce"));

      run();
      runAfter(ROUND);

      assertThat(taughtUrls).hasSize(1);
      assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
      assertThat(inspect(subscription).orphans()).isZero();
      assertThat(heard(EventsMissing.class)).isEmpty();
      Delivery signed =
          WebhookSignatures.sign(
              Signatures.asana(),
              Secret.of("taught"),
              unsigned(item("T-1")),
              taughtUrls.get(0),
              clock.instant());
      assertThat(send(taughtUrls.get(0), signed).statusCode()).isEqualTo(200);
    }
  }

  @Test
  @Tag("G6")
  void anEventThatIsTooLargeForTheInboxIsRefused() {
    Subscription subscription = subscribeToHook();
    Delivery large = signed(told(), "msg-1", item("x".repeat(800_000)));

    assertThat(send(told().url(), large).statusCode()).isEqualTo(413);
    assertThat(stored(subscription)).isZero();
    run();
    assertThat(heard(EventsMissing.class))
        .extracting(EventsMissing::subscription)
        .containsExactly(subscription.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "unwritable"})
  @Tag("G6")
  void whatATriggerMakesOfADeliveryAndNobodyCanStoreIsItsFault(String text) {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, "documents", Nothing.NOTHING, "read"));
    run();

    assertThat(send(documentsUrl, unsigned(text)).statusCode()).isEqualTo(500);

    assertThat(stored(subscription)).isZero();
    run();
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  private Delivery many(String id, int events) {
    return signed(told(), id, "{\"id\":\"T\",\"group\":\"" + events + "\"}");
  }

  @Test
  @Tag("G5")
  void aDeliveryOfMoreEventsThanWaitAtMostIsTakenOnceNothingElseWaits() {
    Subscription subscription = subscribe(hookSpec().atMostPerMinute(1_000_000));
    run();
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);

    assertThat(send(told().url(), many("msg-2", 12_000)).statusCode()).isEqualTo(503);
    run();
    assertThat(send(told().url(), many("msg-2", 12_000)).statusCode()).isEqualTo(200);
    assertThat(inspect(subscription).waiting()).isEqualTo(12_000);
    assertThat(send(told(), "T-3").statusCode()).isEqualTo(503);
  }

  @Test
  @Tag("G6")
  void aDeliveryOfTooManyEventsIsRefusedAndMissing() {
    Subscription subscription = subscribeToHook();

    assertThat(send(told().url(), many("msg-1", 100_001)).statusCode()).isEqualTo(413);
    run();

    assertThat(inspect(subscription).waiting()).isZero();
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  void bytesThatAreNoTextArriveAsTheyWereSent() {
    subscribe(SubscriptionSpec.of(SHARED, "raw", Nothing.NOTHING, "raw"));
    run();
    byte[] body = {0, (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xFF, 'x'};
    var delivery = new Delivery("POST", Map.of(), null, body);

    assertThat(send(rawUrl, delivery).statusCode()).isEqualTo(202);
    assertThat(send(rawUrl, delivery).statusCode()).isEqualTo(202);
    run();

    assertThat(raw).hasSize(1);
    assertThat(raw.get(0)).isEqualTo(body);
  }

  @Test
  @Tag("G7")
  void aDeliveryThatAsksAgainWhoseUrlItIsIsAnsweredAndTaken() {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, "askedAgain", Nothing.NOTHING, "announce"));
    run();
    Delivery signed =
        WebhookSignatures.sign(
            ASKED_AGAIN,
            askedAgain.secret(),
            unsigned(item("T-1")),
            askedAgain.url(),
            clock.instant());
    Delivery asking = with(signed, "Smartsheet-Hook-Challenge", "again");

    HttpResponse<String> answer = send(askedAgain.url(), asking);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Smartsheet-Hook-Response")).hasValue("again");
    assertThat(stored(subscription)).isEqualTo(1);
    assertThat(send(askedAgain.url(), with(asking, new byte[] {'{', '}'})).statusCode())
        .isEqualTo(404);
    assertThat(stored(subscription)).isEqualTo(1);
  }

  @ParameterizedTest
  @Tag("G1")
  @CsvSource({
    "X-Forwarded-Host, evil.test",
    "X-Forwarded-Proto, https",
    "X-Forwarded-Port, 444",
    "X-Forwarded-Prefix, /elsewhere",
    "X-Original-URL, /elsewhere",
    "X-Rewrite-URL, /elsewhere",
    "Forwarded, host=evil.test;proto=https"
  })
  void whatAProxySaysOfTheUrlIsNotBelieved(String header, String value) {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, "signedUrl", Nothing.NOTHING, "announce"));
    run();
    Delivery genuine = signedFor(signedUrl.url());
    Delivery forElsewhere = signedFor(URI.create("https://evil.test:444/elsewhere"));

    assertThat(send(signedUrl.url(), with(forElsewhere, header, value)).statusCode())
        .isEqualTo(401);
    assertThat(send(signedUrl.url(), with(genuine, header, value)).statusCode()).isEqualTo(200);
    assertThat(stored(subscription)).isEqualTo(1);
  }

  private Delivery signedFor(URI url) {
    return WebhookSignatures.sign(
        SIGNED_URL, signedUrl.secret(), unsigned(item("T-1")), url, clock.instant());
  }

  @Test
  @Tag("G8")
  void whomAnEventIsForIsSaidByItsUrlAlone() {
    Subscription first = subscribeToHook();
    Told told = told();
    Subscription other = subscribeToHook();

    send(told.url(), signed(told, "msg-1", item(other.id())));

    assertThat(stored(first)).isEqualTo(1);
    assertThat(stored(other)).isZero();
  }

  @Test
  void whatCannotBeReadIsAnsweredAndKeepsNothing() {
    Subscription subscription = subscribeToHook();

    assertThat(send(told().url(), signed(told(), "msg-1", "{\"id\":")).statusCode()).isEqualTo(400);
    assertThat(stored(subscription)).isZero();
  }

  @Test
  @Tag("G14")
  void anEndedSubscriptionIsRemovedThereFirst() {
    Subscription subscription = subscribeToHook();
    Told told = told();

    assertThat(runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isTrue();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDING);
    assertThat(send(told, "T-1").statusCode()).isEqualTo(410);
    run();

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
    assertThat(send(told, "T-1").statusCode()).isEqualTo(404);
  }

  @Test
  @Tag("G14")
  void itIsLookedAfterNoMoreOftenThanEvery15Seconds() {
    SubscriptionSpec restless = hookSpec().every(Duration.ZERO);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> subscribe(restless))
        .withMessageContaining("must be PT15S");
  }

  @Test
  void nobodyIsCalledAtAnAddressThatIsNotKnown() {
    try (ConnectorRuntime hidden = builder().store(store, keys).flows(directory()).stopped()) {
      assertThatExceptionOfType(OperationUnsupportedException.class)
          .isThrownBy(
              () ->
                  hidden
                      .triggers()
                      .subscribe(
                          ADAS_FLOW, SubscriptionSpec.of(SHARED, "hook", Map.of(), "announce")))
          .withMessageContaining("RuntimeBuilder.publicAddress");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://app.example.com/hooks",
        "https://user@app.example.com",
        "https://app.example.com?x=1",
        "/hooks",
        "ftp://app.example.com",
        "https://a b"
      })
  void thePublicAddressIsAPlainHttpsUrl(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectorRuntime.builder().publicAddress(url))
        .withMessageStartingWith("The public address");
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.json.JsonMapper;

/** A host with a web server, whose flow is called by a service. */
abstract class WebhookHostTest extends TriggerHostTest {

  static final Signature SIGNATURE = Signatures.standardWebhooks();

  record NewHook(String url, String secret) {}

  record Hook(String id, @Nullable Instant ends) {}

  static final HttpClient CLIENT_OF_SERVICE = HttpClient.newHttpClient();

  HttpServer web;
  private ExecutorService webThreads;

  WebhookTrigger<Nothing, Item> trigger() {
    return hook().receive(delivery -> WebhookTrigger.Received.of(delivery.as(Item.class)));
  }

  /** Returns a trigger as its author begins it, at a service that signs with a given secret. */
  static WebhookTrigger.Builder<Nothing, Item> hook() {
    return hook(() -> {});
  }

  /**
   * @param afterwards is run when the service has registered the callback, before that is noted
   */
  static WebhookTrigger.Builder<Nothing, Item> hook(Runnable afterwards) {
    return WebhookTrigger.builder("hook", Nothing.class, Item.class)
        .titled("When there is an item")
        .signature(SIGNATURE)
        .subscribe(
            (none, callback, call) -> {
              var hook = new NewHook(callback.url().toString(), callback.secret().reveal());
              Hook made = call.http().post("/hooks").json(hook).fetch(Hook.class);
              afterwards.run();
              return WebhookTrigger.Registration.of(made.id()).until(made.ends());
            })
        .unsubscribe((hook, call) -> call.http().delete("/hooks/{id}", hook.id()).send());
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(trigger()).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.publicAddress("http://localhost:" + web.getAddress().getPort() + "/hooks");
  }

  @Override
  @BeforeEach
  void start() {
    try {
      web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    webThreads = Executors.newFixedThreadPool(4);
    web.setExecutor(webThreads);
    web.createContext("/hooks", exchange -> answer(exchange, () -> runtime));
    web.start();
    super.start();
    makesHooks("h-1", null);
    service.stubFor(delete(anyUrl()).willReturn(noContent()));
    bindAdasConnection();
  }

  @AfterEach
  void stopWeb() {
    web.stop(0);
    webThreads.shutdownNow();
  }

  static void answer(HttpExchange exchange, Supplier<ConnectorRuntime> runtime) throws IOException {
    URI called = exchange.getRequestURI();
    WebhookResponse response =
        runtime
            .get()
            .triggers()
            .receive(
                new WebhookRequest(
                    exchange.getRequestMethod(),
                    called.getRawPath(),
                    called.getRawQuery(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody()));
    response.headers().forEach(exchange.getResponseHeaders()::set);
    int length = response.body().length;
    exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
    exchange.getResponseBody().write(response.body());
    exchange.close();
  }

  static void makesHooks(String id, @Nullable Instant ends) {
    String end = ends == null ? "" : ",\"ends\":\"" + ends + "\"";
    service.stubFor(
        post("/hooks").willReturn(okJson("{\"id\":\"" + id + "\"" + end + "}").withStatus(201)));
  }

  /** Has the service make one hook after the other. */
  static void makesHooksInTurn(String... answers) {
    String state = Scenario.STARTED;
    for (int i = 0; i < answers.length; i++) {
      String next = "made " + (i + 1);
      boolean isStatus = answers[i].matches("\\d+");
      service.stubFor(
          post("/hooks")
              .inScenario("hooks")
              .whenScenarioStateIs(state)
              .willReturn(
                  isStatus
                      ? aResponse().withStatus(Integer.parseInt(answers[i]))
                      : okJson("{\"id\":\"" + answers[i] + "\"}"))
              .willSetStateTo(next));
      state = next;
    }
  }

  static SubscriptionSpec hookSpec() {
    return SubscriptionSpec.of(SHARED, "hook", Nothing.NOTHING, "announce");
  }

  Subscription subscribeToHook() {
    Subscription subscription = subscribe(hookSpec());
    run();
    return inspect(subscription);
  }

  /** Returns what the service was told last. */
  static Told told() {
    List<Told> all = allTold();
    return all.get(all.size() - 1);
  }

  /** Returns what the service was told, the oldest first. */
  static List<Told> allTold() {
    return service.findAll(postRequestedFor(urlEqualTo("/hooks"))).stream()
        .map(r -> JsonMapper.shared().readTree(r.getBodyAsString()))
        .map(
            hook ->
                new Told(
                    URI.create(hook.path("url").asString()),
                    Secret.of(hook.path("secret").asString())))
        .toList();
  }

  /** A callback as the service knows it. */
  record Told(URI url, Secret secret) {}

  static String item(String id) {
    return "{\"id\":\"" + id + "\",\"group\":\"\"}";
  }

  /** Returns a delivery that nobody has signed. */
  static Delivery unsigned(String body) {
    return new Delivery("POST", Map.of(), null, body.getBytes(StandardCharsets.UTF_8));
  }

  Delivery signed(Told told, String id, String body) {
    var sample =
        new Delivery(
            "POST",
            Map.of("content-type", List.of("application/json"), "webhook-id", List.of(id)),
            null,
            body.getBytes(StandardCharsets.UTF_8));
    return WebhookSignatures.sign(SIGNATURE, told.secret(), sample, told.url(), clock.instant());
  }

  HttpResponse<String> send(Told told, String id) {
    return send(told.url(), signed(told, "msg-" + id, item(id)));
  }

  static HttpResponse<String> send(URI url, Delivery delivery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .method(delivery.method(), BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach((name, values) -> values.forEach(v -> request.header(name, v)));
    try {
      return CLIENT_OF_SERVICE.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

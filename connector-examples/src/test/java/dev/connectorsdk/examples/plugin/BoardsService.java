package dev.connectorsdk.examples.plugin;

import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service of {@link BoardsPlugin} for tests, at WireMock, which calls a host's web server. */
public final class BoardsService {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private BoardsService() {}

  /** Has it register what it is asked to. */
  public static void start() {
    stubFor(post("/api/hooks").willReturn(okJson("{\"id\":\"h-1\"}")));
  }

  /** Waits until it was told a callback first, and returns what it was told. */
  public static JsonNode registered() {
    var request = postRequestedFor(urlEqualTo("/api/hooks"));
    while (findAll(request).isEmpty()) {
      Thread.onSpinWait();
    }
    return JsonMapper.shared().readTree(findAll(request).get(0).getBodyAsString());
  }

  /** Delivers to the callback, and returns the status of the answer. */
  public static int deliver(JsonNode hook, String id, String contentType, String body)
      throws IOException, InterruptedException {
    return deliver(hook, id, contentType, body, BodyPublishers::ofByteArray);
  }

  /** Sends a delivery in chunks, without its length. */
  public static int deliverInChunks(JsonNode hook, String id, String contentType, String body)
      throws IOException, InterruptedException {
    return deliver(
        hook,
        id,
        contentType,
        body,
        bytes -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
  }

  private static int deliver(
      JsonNode hook,
      String id,
      String contentType,
      String body,
      Function<byte[], BodyPublisher> sending)
      throws IOException, InterruptedException {
    URI callback = URI.create(hook.path("url").asString());
    Delivery delivery =
        WebhookSignatures.sign(
            BoardsPlugin.CARD_MOVED.signature(),
            Secret.of(hook.path("secret").asString()),
            new Delivery(
                "POST",
                Map.of("content-type", List.of(contentType), "webhook-id", List.of(id)),
                null,
                body.getBytes(UTF_8)),
            callback,
            Instant.now());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(callback).POST(sending.apply(delivery.body()));
    delivery.headers().forEach((name, values) -> request.header(name, values.get(0)));
    return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}

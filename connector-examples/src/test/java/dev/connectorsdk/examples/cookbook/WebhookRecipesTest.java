package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.connectorsdk.examples.plugin.BoardsPlugin.CARD_MOVED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.plugin.BoardsPlugin;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Board;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Card;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The recipe about a reverse proxy in front of the application. */
@WireMockTest
@Timeout(60)
class WebhookRecipesTest {

  private static final ConnectionReference BOARDS = ConnectionReference.embedded("team", "boards");
  private static final Flow FLOW = Flow.of("cards", Principal.user("ada")).using(BOARDS);
  private static final Caller ADA = Principal.user("ada").in("test").running(FLOW);

  // tag::reverse-proxy[]
  /** The proxy passes https://app.example/desk/hooks/… on as /hooks/… */
  static RuntimeBuilder behindProxy(RuntimeBuilder builder) {
    return builder.publicAddress("https://app.example/desk/hooks");
  }

  // end::reverse-proxy[]

  @Test
  void aDeliveryIsAuthenticThoughAProxyHasShortenedItsPath(WireMockRuntimeInfo boards)
      throws Exception {
    stubFor(post("/api/hooks").willReturn(okJson("{\"id\": \"h-1\"}")));
    var moved = new LinkedBlockingQueue<Card>();
    RuntimeBuilder builder =
        ConnectorRuntime.builder()
            .provider(new BoardsPlugin())
            .addressPolicy(AddressPolicy.allowAll())
            .flows(FlowDirectory.of(FLOW))
            .handler("moved", Card.class, (card, event) -> moved.add(card));
    try (ConnectorRuntime runtime = behindProxy(builder).build()) {
      var site = ConnectionSpec.of("boards", "apiKey").with("site", boards.getHttpBaseUrl());
      var connection =
          runtime.connections().create(ADA, site.secret("api_key", Secret.of("k")).untested());
      runtime.references().bind(ADA, BOARDS, connection.id());
      var board = SubscriptionSpec.of(BOARDS, CARD_MOVED, new Board("b-1"), "moved");
      runtime.triggers().subscribe(ADA, board);
      JsonNode hook = registered();
      URI url = URI.create(hook.path("url").asString());
      assertThat(url).asString().startsWith("https://app.example/desk/hooks/");
      Delivery signed = signed(hook, url);
      String path = url.getRawPath().substring("/desk".length());

      var delivery =
          new WebhookRequest(
              "POST", path, null, signed.headers(), new ByteArrayInputStream(signed.body()));
      assertThat(runtime.triggers().receive(delivery).status()).isEqualTo(200);
      assertThat(moved.poll(10, TimeUnit.SECONDS)).isEqualTo(new Card("c-1", "Done"));
    }
  }

  private static JsonNode registered() throws InterruptedException {
    var request = postRequestedFor(urlEqualTo("/api/hooks"));
    while (findAll(request).isEmpty()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Thread.onSpinWait();
    }
    return JsonMapper.shared().readTree(findAll(request).get(0).getBodyAsString());
  }

  private static Delivery signed(JsonNode hook, URI url) {
    var secret = Secret.of(hook.path("secret").asString());
    var headers = Map.of("content-type", List.of("application/json"));
    byte[] body = "{\"id\": \"c-1\", \"column\": \"Done\"}".getBytes(UTF_8);
    var plain = new Delivery("POST", headers, null, body);
    return WebhookSignatures.sign(CARD_MOVED.signature(), secret, plain, url, Instant.now());
  }
}

package dev.connectorsdk.internal.http;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.http.ConnectorHttp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each request has the headers of its own credential, whatever the one before had. */
class CredentialHeadersTest {

  private static final ConnectionId ID = ConnectionId.of("c1");

  @RegisterExtension
  static final WireMockExtension service = WireMockExtension.newInstance().build();

  private final Clock clock = Clock.systemUTC();

  @AutoClose private final Transport transport = Transports.of(null, clock);

  @BeforeEach
  void aServiceThatAnswersAll() {
    service.stubFor(any(anyUrl()).willReturn(ok()));
  }

  private ConnectorHttp opened(Authenticator authenticator) {
    ServiceUrl base = new ServiceUrl(HttpUrl.get(service.baseUrl()), false, true);
    var endpoint =
        new Endpoint(
            ID,
            ConnectorId.of("c"),
            Destinations.of(base, List.of()),
            authenticator,
            transport.clients(ID, null),
            null,
            (url, caller) -> {});
    var budget = new CallBudget(clock, Duration.ofMinutes(1), Effect.WRITE, null, null);
    return transport.open(endpoint, budget);
  }

  @Test
  void aCredentialThatChangesIsTheOneOfItsRequest() {
    List<String> keys = List.of("one", "one", "two", "one");
    AtomicInteger next = new AtomicInteger();
    ConnectorHttp http =
        opened(
            request -> {
              request.setHeader("X-Key", keys.get(next.getAndIncrement()));
              return 0;
            });

    for (int i = 0; i < keys.size(); i++) {
      http.get("/{place}", i).send();
    }

    for (int i = 0; i < keys.size(); i++) {
      service.verify(
          getRequestedFor(urlEqualTo("/" + i)).withHeader("X-Key", equalTo(keys.get(i))));
    }
  }

  @Test
  void aCredentialOfAnotherHeaderLeavesNoneOfTheFirst() {
    AtomicInteger next = new AtomicInteger();
    ConnectorHttp http =
        opened(
            request -> {
              request.setHeader(next.getAndIncrement() == 0 ? "X-Key" : "X-Other", "one");
              return 0;
            });

    http.get("/first").send();
    http.get("/second").send();

    service.verify(
        getRequestedFor(urlEqualTo("/second"))
            .withHeader("X-Key", absent())
            .withHeader("X-Other", equalTo("one")));
  }

  @Test
  void aCredentialOfSeveralHeadersIsSentAsAWholeEachTime() {
    AtomicInteger next = new AtomicInteger();
    ConnectorHttp http =
        opened(
            request -> {
              request.setHeader("X-Key", "one");
              request.setHeader("X-Nonce", "" + next.getAndIncrement());
              return 0;
            });

    http.get("/0").send();
    http.get("/1").send();

    for (int i = 0; i < 2; i++) {
      service.verify(
          getRequestedFor(urlEqualTo("/" + i))
              .withHeader("X-Key", equalTo("one"))
              .withHeader("X-Nonce", equalTo("" + i)));
    }
  }

  @Test
  void whatARequestHasBesidesIsNotInTheNext() {
    ConnectorHttp http =
        opened(
            request -> {
              request.setHeader("X-Key", "one");
              return 0;
            });

    http.post("/first").header("X-Own", "mine").header("X-Key", "mine").json(Map.of()).send();
    http.post("/second").json(Map.of()).send();
    http.get("/third").send();

    service.verify(
        postRequestedFor(urlEqualTo("/first"))
            .withHeader("X-Own", equalTo("mine"))
            .withHeader("X-Key", equalTo("one")));
    service.verify(
        postRequestedFor(urlEqualTo("/second"))
            .withHeader("X-Own", absent())
            .withHeader("X-Key", equalTo("one"))
            .withRequestBody(equalTo("{}")));
    service.verify(
        getRequestedFor(urlEqualTo("/third"))
            .withHeader("X-Key", equalTo("one"))
            .withHeader("Accept", equalTo("application/json"))
            .withHeader("Content-Type", absent()));
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * A host with a runtime, a service on this machine and two users; all but the port anew for each
 * test.
 */
abstract class HostTest {

  static final Caller ADA = Principal.user("ada").in("dev");
  static final Caller BOB = Principal.user("bob").in("dev");
  static final ConnectionReference MINE = ConnectionReference.invoker("my-tickets", "tickets");
  static final ConnectionReference SHARED = ConnectionReference.embedded("team-tickets", "tickets");

  static final ClientRegistration CLIENT = ClientRegistration.of("app", Secret.of("client-s3cret"));

  final SettableClock clock = new SettableClock();
  final List<ConnectorEvent> events = new CopyOnWriteArrayList<>();
  static final WireMockServer service =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  ConnectorRuntime runtime;

  @BeforeAll
  static void startService() {
    service.start();
  }

  @BeforeEach
  void start() {
    service.resetAll();
    runtime = with(builder()).build();
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @AfterAll
  static void stopService() {
    service.stop();
  }

  RuntimeBuilder builder() {
    return ConnectorRuntime.builder()
        .connector(connector())
        .addressPolicy(AddressPolicy.allowAll())
        .clock(clock)
        .sleeper(clock)
        .listener(events::add);
  }

  /** Lets a test change the runtime. */
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder;
  }

  /** Lets a test change the connector. */
  Connector connector() {
    return Tickets.builder(url()).build();
  }

  String url() {
    return "http://localhost:" + service.port();
  }

  /** Has the service give the first ticket to whoever has this token, and to nobody else. */
  static void theServiceAccepts(String accessToken) {
    service.stubFor(get("/tickets/1").willReturn(aResponse().withStatus(401)));
    service.stubFor(
        get("/tickets/1")
            .withHeader("Authorization", equalTo("Bearer " + accessToken))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  /** Returns a runtime that sends each request once, with a connection of Ada's. */
  static ConnectorRuntime tryingOnce(Connector connector, Path temporaryFiles) {
    ConnectorRuntime own =
        ConnectorRuntime.builder()
            .connector(connector)
            .temporaryFiles(temporaryFiles)
            .limits(HttpLimits.standard().withMaxAttempts(1))
            .build();
    own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    return own;
  }

  /** Returns what the host heard of this kind. */
  <T extends ConnectorEvent> List<T> heard(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  Connection connect(Caller caller, String key) {
    return runtime
        .connections()
        .create(caller, ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(key)));
  }
}

package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service's address of a connection changes. */
class ChangedAddressTest extends HostTest {

  record Input() {}

  private static final Action<Input, Nothing> CALL =
      Action.builder("call", Effect.READ, Input.class)
          .run((in, call) -> call.http().get("/x").send());

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private WireMockServer formerService;

  @BeforeEach
  void startFormerService() {
    formerService = new WireMockServer(WireMockConfiguration.options().dynamicPort());
    formerService.start();
    formerService.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));
  }

  @AfterEach
  void stopFormerService() {
    formerService.stop();
  }

  @Override
  Connector connector() {
    return Connector.builder("tickets", "{instance}")
        .parameter(ConnectionParameter.text("instance"))
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials("{instance}/token")))
        .action(CALL)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, keys);
  }

  private static ConnectionSpec spec(String instance, String key) {
    return ConnectionSpec.of("tickets", "apiKey")
        .with("instance", instance)
        .secret("api_key", Secret.of(key));
  }

  @Test
  @Tag("E1")
  void aSecretNeverReachesTheAddressThatWasThereBeforeIt() {
    String former = "http://localhost:" + formerService.port();
    Connection connection = runtime.connections().create(ADA, spec(former, "old-key"));
    try (ConnectorRuntime other = with(builder()).build()) {
      assertThat(other.references().readiness(ADA, List.of(MINE)))
          .singleElement()
          .matches(ReferenceReadiness::isReady);

      runtime.connections().update(ADA, connection.id(), spec(url(), "new-key"));
      other.invoke(ADA, MINE, CALL, new Input());
    }

    formerService.verify(0, anyRequestedFor(anyUrl()));
    service.verify(1, anyRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("new-key")));
  }

  @Test
  @DisplayName("E1: a token that a node asks the former address for never reaches the new one")
  @Tag("E1")
  void aTokenOfTheFormerAddressNeverReachesTheNewOne() {
    String former = "http://localhost:" + formerService.port();
    formerService.stubFor(post("/token").willReturn(token("of-former")));
    service.stubFor(post("/token").willReturn(token("of-new")));
    Connection connection = runtime.connections().create(ADA, client(former));
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(ADA, MINE, CALL, new Input());
      clock.advance(Duration.ofSeconds(3601));
      assertThat(other.references().readiness(ADA, List.of(MINE)))
          .singleElement()
          .matches(ReferenceReadiness::isReady);

      runtime.connections().update(ADA, connection.id(), client(url()));
      assertThatExceptionOfType(ConflictException.class)
          .isThrownBy(() -> other.invoke(ADA, MINE, CALL, new Input()));
      other.invoke(ADA, MINE, CALL, new Input());
      runtime.invoke(ADA, MINE, CALL, new Input());
    }

    formerService.verify(1, postRequestedFor(urlEqualTo("/token")));
    service.verify(
        2, getRequestedFor(urlEqualTo("/x")).withHeader("Authorization", equalTo("Bearer of-new")));
    service.verify(2, getRequestedFor(urlEqualTo("/x")));
  }

  @Test
  @DisplayName("I4: a node that knows a former client secret says so, and goes on with the new one")
  @Tag("I4")
  void aNodeThatKnowsAFormerClientSecretGoesOnWithTheNewOne() {
    service.stubFor(post("/token").willReturn(token("t")));
    Connection connection = runtime.connections().create(ADA, client(url()));
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(ADA, MINE, CALL, new Input());
      clock.advance(Duration.ofSeconds(3601));
      assertThat(other.references().readiness(ADA, List.of(MINE)))
          .singleElement()
          .matches(ReferenceReadiness::isReady);

      runtime.connections().update(ADA, connection.id(), client(url(), "changed"));
      assertThatExceptionOfType(ConflictException.class)
          .isThrownBy(() -> other.invoke(ADA, MINE, CALL, new Input()));
      other.invoke(ADA, MINE, CALL, new Input());

      assertThat(other.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
    }
  }

  private static ConnectionSpec client(String instance) {
    return client(instance, "s3cret");
  }

  private static ConnectionSpec client(String instance, String secret) {
    return ConnectionSpec.of("tickets", "oauth2")
        .with("instance", instance)
        .with("client_id", "app")
        .secret("client_secret", Secret.of(secret));
  }

  private static ResponseDefinitionBuilder token(String name) {
    return okJson("{\"access_token\":\"" + name + "\",\"expires_in\":3600}");
  }

  @Test
  void aConnectionOfAnEarlierVersionOfItsConnectorCanBeBroughtUpToDate() {
    Connection connection;
    Connector earlier =
        Connector.builder("tickets", "http://localhost:" + formerService.port())
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .action(CALL)
            .build();
    try (ConnectorRuntime before =
        ConnectorRuntime.builder().connector(earlier).store(store, keys).build()) {
      connection =
          before
              .connections()
              .create(
                  ADA,
                  ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("old-key")));
    }

    runtime.connections().update(ADA, connection.id(), spec(url(), "new-key"));

    runtime.invoke(ADA, MINE, CALL, new Input());
    service.verify(1, anyRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("new-key")));
  }
}

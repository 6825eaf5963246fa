package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.ConnectorEvent.ConnectionChanged;
import dev.connectorsdk.api.event.ConnectorEvent.StatusChanged;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.ConnectionTestResult.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsTest extends HostTest {

  private static final Connector SETTINGS =
      Connector.builder("settings", "https://settings.example.com")
          .parameter(ConnectionParameter.text("site").matching("[a-z]+"))
          .parameter(ConnectionParameter.text("region").oneOf("eu", "us").withDefault("eu"))
          .parameter(ConnectionParameter.integer("limit").optional())
          .parameter(ConnectionParameter.number("factor").optional())
          .parameter(ConnectionParameter.bool("strict").optional())
          .auth(AuthOption.basic())
          .build();

  @Override
  Connector connector() {
    return Tickets.at(url());
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.connector(SETTINGS);
  }

  private void theServiceKnows(String key, String login) {
    service.stubFor(
        get("/me")
            .withHeader("X-Api-Key", equalTo(key))
            .willReturn(okJson("{\"login\":\"%s\"}".formatted(login))));
  }

  private static ConnectionSpec key(String key) {
    return ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(key));
  }

  @Test
  @DisplayName(
      "5.2: a connection without sign-in is stored and tested, and is connected if that succeeds")
  void aNewConnectionIsTestedAndKnowsItsAccount() {
    theServiceKnows("good", "ada.l");

    Connection connection = runtime.connections().create(ADA, key("good").named("Ada's tickets"));

    assertThat(connection.status()).isEqualTo(ConnectionStatus.connected(clock.instant()));
    assertThat(connection.account()).isEqualTo(new Account("ada.l", "ada.l@tickets"));
    assertThat(connection.displayName()).isEqualTo("Ada's tickets");
    assertThat(connection.owner()).isEqualTo(ADA.principal());
    assertThat(connection.environment()).isEqualTo(ADA.environment());
  }

  @Test
  @DisplayName("5.1: a connection that nobody has named has the name of its account")
  void aConnectionThatNobodyHasNamedHasTheNameOfItsAccount() {
    theServiceKnows("good", "ada.l");
    theServiceKnows("other", "ada.work");

    Connection home = runtime.connections().create(ADA, key("good"));
    Connection work = runtime.connections().create(ADA, key("other"));

    assertThat(home.displayName()).isEqualTo("ada.l@tickets");
    assertThat(work.displayName()).isEqualTo("ada.work@tickets");
    assertThat(runtime.connections().update(ADA, work.id(), key("good")).displayName())
        .isEqualTo("ada.l@tickets");
    assertThat(runtime.connections().update(ADA, work.id(), key("good").named("W")).displayName())
        .isEqualTo("W");
  }

  @Test
  @DisplayName("5.2: if it does not succeed the connection stays and says so")
  void aConnectionWithRefusedCredentialsIsKeptAndSaysSo() {
    service.stubFor(get("/me").willReturn(aResponse().withStatus(401)));

    Connection connection = runtime.connections().create(ADA, key("bad"));

    assertThat(connection.status().state()).isEqualTo(State.UNAUTHENTICATED);
    assertThat(connection.status().reason()).isEqualTo(Reason.CREDENTIALS_REJECTED);
  }

  @Test
  @DisplayName(
      "5.2: an update keeps the id, and whatever uses the connection works again without change")
  void fixingAConnectionKeepsItsId() {
    service.stubFor(get("/me").willReturn(aResponse().withStatus(401)));
    Connection broken = runtime.connections().create(ADA, key("bad"));
    theServiceKnows("good", "ada.l");

    Connection fixed = runtime.connections().update(ADA, broken.id(), key("good"));

    assertThat(fixed.id()).isEqualTo(broken.id());
    assertThat(fixed.status().isConnected()).isTrue();
    assertThat(events)
        .filteredOn(StatusChanged.class::isInstance)
        .extracting(e -> ((StatusChanged) e).to().state())
        .containsExactly(State.UNAUTHENTICATED, State.CONNECTED);
  }

  @Test
  void aServiceThatDoesNotAnswerLeavesAConnectedConnectionAlone() {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));
    service.stubFor(
        get("/me")
            .willReturn(
                aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.EMPTY_RESPONSE)));

    ConnectionTestResult result = runtime.connections().test(ADA, connection.id());

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_REACHABLE);
    assertThat(result.reachable()).isFalse();
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void aServiceThatFailsLeavesAConnectedConnectionAlone(int status) {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));
    service.stubFor(get("/me").willReturn(aResponse().withStatus(status)));

    ConnectionTestResult result = runtime.connections().test(ADA, connection.id());

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_REACHABLE);
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  @Tag("F4")
  void aLimitThatIsSaidWith403AndAPauseLeavesAConnectedConnectionAlone() {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));
    service.stubFor(
        get("/me").willReturn(aResponse().withStatus(403).withHeader("Retry-After", "3600")));

    ConnectionTestResult result = runtime.connections().test(ADA, connection.id());

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_REACHABLE);
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  void aClientOfItsOwnThatIsRefusedIsAFaultOfTheConnection() {
    service.stubFor(
        post("/token").willReturn(okJson("{\"error\":\"invalid_client\"}").withStatus(401)));

    Connection connection =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "oauth2")
                    .with("client_id", "app")
                    .secret("client_secret", Secret.of("wrong")));

    assertThat(connection.status().reason()).isEqualTo(Reason.CONFIGURATION);
  }

  @Test
  void aTestThatFailsOtherwiseIsAnErrorUntilItPasses() {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));
    service.stubFor(get("/me").willReturn(aResponse().withStatus(404)));
    assertThat(runtime.connections().test(ADA, connection.id()).outcome())
        .isEqualTo(Outcome.FAILED);
    assertThat(runtime.connections().get(ADA, connection.id()).status().reason())
        .isEqualTo(Reason.TEST_FAILED);
    assertThat(runtime.connections().get(ADA, connection.id()).status().message())
        .isEqualTo("The test of the connection failed: status 404");

    theServiceKnows("good", "ada.l");
    ConnectionTestResult result = runtime.connections().test(ADA, connection.id());

    assertThat(result)
        .isEqualTo(
            new ConnectionTestResult(Outcome.OK, new Account("ada.l", "ada.l@tickets"), null));
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  void aConnectionIsPrintedAsWhatTellsItFromOthers() {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));

    assertThat(connection)
        .hasToString("Connection '" + connection.id() + "' of user:ada to tickets: CONNECTED");
  }

  @Test
  void aServiceThatCannotBeAskedSaysInWhatWay() {
    service.stubFor(get("/me").willReturn(aResponse().withStatus(503)));
    ConnectionStatus busy = runtime.connections().create(ADA, key("good")).status();
    service.stubFor(get("/me").willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    ConnectionStatus broken = runtime.connections().create(ADA, key("good")).status();

    assertThat(busy.message()).isEqualTo("The service could not be asked: status 503");
    assertThat(broken.message())
        .as("neither host nor path, which administrators read as well")
        .isEqualTo("The service could not be asked: the exchange broke off");
  }

  @Test
  void aConnectorWithoutATestCountsAsConnected() {
    Connection connection = runtime.connections().create(ADA, settings());

    assertThat(connection.status().isConnected()).isTrue();
    assertThat(runtime.connections().test(ADA, connection.id()).outcome())
        .isEqualTo(Outcome.NO_TEST);
  }

  private static ConnectionSpec settings() {
    return ConnectionSpec.of("settings", "basic")
        .with("site", "acme")
        .with("username", "ada")
        .secret("password", Secret.of("s3cret"));
  }

  @Test
  void valuesAreConvertedAndDefaultsFilledIn() {
    Connection connection =
        runtime
            .connections()
            .create(ADA, settings().with("LIMIT", "20").with("factor", 1.5).with("strict", "true"));

    assertThat(connection.parameters())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "site",
                "acme",
                "username",
                "ada",
                "region",
                "eu",
                "limit",
                20L,
                "factor",
                new BigDecimal("1.5"),
                "strict",
                true));
  }

  @Test
  void everyWrongParameterIsNamedAndNothingIsStored() {
    ConnectionSpec spec =
        ConnectionSpec.of("settings", "basic")
            .with("site", "ACME")
            .with("region", "asia")
            .with("limit", "many")
            .with("strict", "perhaps")
            .with("colour", "red")
            .secret("username", Secret.of("ada"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(InvalidInputException.Fault::toString)
                    .containsExactly(
                        "/site: must match [a-z]+",
                        "/region: must be one of [eu, us]",
                        "/limit: must be a whole number",
                        "/strict: must be true or false",
                        "/colour: is not a parameter of this connector and auth option",
                        "/username: is not a secret parameter and would be readable; give it as a"
                            + " plain value",
                        "/password: is required"));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void anUnknownConnectorOrOptionIsNamedWithWhatThereIs() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, ConnectionSpec.of("jira", "basic")))
        .withMessage(
            "No connector 'jira'. Environment 'dev' has [settings, tickets]. Was it passed to the"
                + " runtime's builder, for this environment or for all, or is its jar on the class"
                + " path?");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, ConnectionSpec.of("settings", "saml")))
        .withMessage("No auth option 'saml'. Connector 'settings' offers [basic].");
  }

  @Test
  @DisplayName("5.1: reads never return a secret")
  void readingNeverShowsASecret() {
    theServiceKnows("s3cret-key", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("s3cret-key"));

    assertThat(connection.parameters()).doesNotContainKey("api_key");
    assertThat(connection.toString()).doesNotContain("s3cret");
    assertThat(runtime.connections().list(ADA).toString()).doesNotContain("s3cret");
    assertThat(key("s3cret-key").toString()).doesNotContain("s3cret");
  }

  @Test
  @DisplayName("5.1: a connection belongs to its creator, and others neither see nor change it")
  void somebodyElsesConnectionLooksLikeNone() {
    theServiceKnows("good", "ada.l");
    ConnectionId adas = runtime.connections().create(ADA, key("good")).id();
    service.resetRequests();

    assertNotFound(adas, () -> runtime.connections().get(BOB, adas));
    assertNotFound(adas, () -> runtime.connections().test(BOB, adas));
    assertNotFound(adas, () -> runtime.connections().update(BOB, adas, key("x")));
    assertNotFound(adas, () -> runtime.connections().get(ADA.principal().in("prod"), adas));
    assertThat(runtime.connections().list(BOB)).isEmpty();
    assertThat(runtime.connections().list(ADA)).hasSize(1);
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  private static void assertNotFound(ConnectionId id, Runnable call) {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(call::run)
        .withMessage(
            "No connection '" + id + "'. The caller has no such connection in this environment.");
  }

  @Test
  @Tag("C10")
  @DisplayName("5.2: a deleted connection is gone for every app and flow")
  void aDeletedConnectionIsGoneAndDeletingTwiceIsFine() {
    theServiceKnows("good", "ada.l");
    ConnectionId id = runtime.connections().create(ADA, key("good")).id();

    assertThat(runtime.connections().delete(BOB, id)).isFalse();
    assertThat(runtime.connections().delete(ADA, id)).isTrue();
    assertThat(runtime.connections().delete(ADA, id)).isFalse();

    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(events)
        .filteredOn(ConnectionChanged.class::isInstance)
        .extracting(e -> ((ConnectionChanged) e).change().name())
        .containsExactly("CREATED", "DELETED");
  }

  @Test
  void anUpdateKeepsSecretsThatAreNotGivenAgain() {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));
    service.resetRequests();

    Connection renamed =
        runtime
            .connections()
            .update(ADA, connection.id(), ConnectionSpec.of("tickets", "apiKey").named("renamed"));

    assertThat(renamed.displayName()).isEqualTo("renamed");
    assertThat(renamed.status().isConnected()).isTrue();
  }

  @Test
  void changingTheAuthOptionAsksForItsSecrets() {
    theServiceKnows("good", "ada.l");
    Connection connection = runtime.connections().create(ADA, key("good"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .update(ADA, connection.id(), ConnectionSpec.of("tickets", "bearer")))
        .withMessageContaining("/token: is required");
  }

  @Test
  @DisplayName("5.2: the test can be left out")
  void anUntestedConnectionAsksTheServiceNothing() {
    Connection connection = runtime.connections().create(ADA, key("good").untested());

    assertThat(connection.status().isConnected()).isTrue();
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void anyCredentialMayHaveAnExpiry() {
    Connection connection =
        runtime
            .connections()
            .create(ADA, settings().expiringAt(clock.instant().plus(Duration.ofDays(90))));

    assertThat(connection.credentialExpiresAt()).isEqualTo("2026-04-01T12:00:00Z");
  }
}

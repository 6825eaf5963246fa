package dev.connectorsdk.testkit;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.spi.ConnectorProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectorTestTest {

  private static final Action<Nothing, String> STATE =
      Action.builder("getState", Effect.READ, Nothing.class, String.class)
          .titled("Get the state")
          .described("Returns how the service is doing.")
          .run((nothing, call) -> call.http().get("/state").fetch(String.class));

  private static Connector.Builder acme(String baseUrl) {
    return Connector.builder("acme", baseUrl)
        .titled("Acme")
        .described("A service.")
        .version("1.0")
        .action(STATE);
  }

  /** A service at one host, with an API key. */
  @Nested
  class OfAKey {

    @RegisterExtension
    final ConnectorTest acme =
        ConnectorTest.of(
                acme("https://api.acme.example/v1").auth(AuthOption.apiKeyHeader("X-Key")).build())
            .secret("api_key", Secret.of("k-1"));

    @Test
    void everyHostIsTheServiceOfTheTest() {
      acme.service().answer(get("/v1/state"), okJson("\"fine\""));

      assertThat(acme.invoke(STATE, Nothing.NOTHING)).isEqualTo("fine");
      assertThat(acme.invoke("getState", Map.of()).asString()).isEqualTo("fine");
      acme.service()
          .verify(
              2,
              getRequestedFor(urlEqualTo("/v1/state"))
                  .withHeader("Host", equalTo("api.acme.example"))
                  .withHeader("X-Key", equalTo("k-1")));
    }

    @Test
    void answersComeInTurnAndPausesTakeNoTime() {
      Instant before = acme.clock().instant();
      acme.service()
          .answerInTurn(
              get("/v1/state"), status(503).withHeader("Retry-After", "7"), okJson("\"fine\""));

      assertThat(acme.invoke(STATE, Nothing.NOTHING)).isEqualTo("fine");
      assertThat(acme.invoke(STATE, Nothing.NOTHING)).isEqualTo("fine");
      assertThat(acme.clock().instant()).isEqualTo(before.plusSeconds(7));
      assertThat(acme.service().requests(getRequestedFor(urlEqualTo("/v1/state")))).hasSize(3);
    }

    @Test
    void whatWasNotForeseenIsNotThere() {
      assertThatThrownBy(() -> acme.invoke(STATE, Nothing.NOTHING))
          .isInstanceOfSatisfying(
              ServiceException.class, e -> assertThat(e.status()).isEqualTo(404));
    }
  }

  /** What a test that fails is told of its service. */
  @Nested
  class Failing {

    @RegisterExtension
    final ConnectorTest acme =
        ConnectorTest.of(acme("https://api.acme.example/v1").auth(AuthOption.none()).build());

    private Throwable explained() {
      Throwable failure = catchThrowable(() -> acme.invoke(STATE, Nothing.NOTHING));
      return catchThrowable(() -> acme.handleTestExecutionException(null, failure));
    }

    @Test
    void aRequestWithoutAnAnswerIsNamedWithTheNearestOneThatHasOne() {
      acme.service().answer(post("/v1/state"), okJson("\"fine\""));

      assertThat(explained())
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              "The test gives no answer for GET /v1/state; the nearest answer is for POST /v1/state")
          .hasCauseInstanceOf(ServiceException.class);
    }

    @Test
    void anAnswerToTheSameAddressAsksForMore() {
      acme.service().answer(get("/v1/state").withHeader("X-Key", equalTo("k")), okJson("\"fine\""));

      assertThat(explained())
          .hasMessageEndingWith("is for GET /v1/state with other headers or another body");
    }

    @Test
    void theTokensOfTheKitAreNoAnswerOfTheTest() {
      assertThat(explained()).hasMessage("The test gives no answer for GET /v1/state");
    }

    @Test
    void whatElseATestFailsWithStays() {
      explained();
      AssertionError other = new AssertionError("expected 7");

      assertThat(catchThrowable(() -> acme.handleTestExecutionException(null, other)))
          .isSameAs(other);
      assertThat(other.getSuppressed())
          .extracting(Throwable::getMessage)
          .containsExactly("The test gives no answer for GET /v1/state");
    }

    @Test
    void aTestWhoseRequestsAllHaveAnswersFailsAsItIs() {
      acme.service().answer(get("/v1/state"), status(404));

      assertThat(explained()).isInstanceOf(ServiceException.class).hasNoSuppressedExceptions();
    }
  }

  /** A service at an address that each connection has, with an application's own token. */
  @Nested
  class OfAnApplication {

    @RegisterExtension
    final ConnectorTest acme =
        ConnectorTest.of(
            () ->
                List.of(
                    acme("{site}/api")
                        .parameter(ConnectionParameter.text("site").titled("Site"))
                        .auth(
                            AuthOption.oauth2(OAuth2Scheme.clientCredentials("{site}/oauth/token")))
                        .build()));

    @Test
    void aTokenIsIssuedAndRenewed() {
      acme.service().answerInTurn(get("/api/state"), unauthorized(), okJson("\"fine\""));

      assertThat(acme.invoke(STATE, Nothing.NOTHING)).isEqualTo("fine");
      assertThat(acme.service().tokensIssued()).isEqualTo(2);
    }

    @Test
    void tokensEndByTheClock() {
      acme.service().answer(get("/api/state"), okJson("\"fine\""));
      acme.invoke(STATE, Nothing.NOTHING);
      acme.clock().advance(Duration.ofHours(2));

      acme.invoke(STATE, Nothing.NOTHING);

      acme.service()
          .verify(
              1,
              getRequestedFor(urlEqualTo("/api/state"))
                  .withHeader("Authorization", equalTo("Bearer access-2")));
    }
  }

  /** A user has signed in. */
  @Nested
  class OfAUser {

    @RegisterExtension
    final ConnectorTest acme =
        ConnectorTest.of(
                acme("https://api.acme.example/v1")
                    .auth(AuthOption.apiKeyHeader("X-Key"))
                    .auth(
                        AuthOption.oauth2(
                            OAuth2Scheme.authorizationCode(
                                "https://id.acme.example/authorize",
                                "https://id.acme.example/token")))
                    .build())
            .authenticatingBy("oauth2");

    @Test
    void theUserHasAgreedBeforeTheTestBegins() {
      acme.service().answer(get("/v1/state"), okJson("\"fine\""));

      assertThat(acme.invoke(STATE, Nothing.NOTHING)).isEqualTo("fine");
      acme.service()
          .verify(
              1,
              getRequestedFor(urlEqualTo("/v1/state"))
                  .withHeader("Authorization", equalTo("Bearer access-1")));
    }
  }

  /** A service that the contract reaches by the parameters of the test. */
  @Nested
  class OfAContract implements ContractTest {

    @RegisterExtension
    final ConnectorTest acme =
        ConnectorTest.of(
                acme("https://{region}.acme.example/v1")
                    .parameter(
                        ConnectionParameter.text("region").titled("Region").described("Where."))
                    .auth(AuthOption.none())
                    .auth(AuthOption.apiKeyHeader("X-Key"))
                    .test(call -> Account.of(call.http().get("/me").fetch(String.class)))
                    .build())
            .authenticatingBy("apiKey")
            .with("region", "eu");

    @Override
    @TestFactory
    public Stream<DynamicTest> keepsTheContract(ConnectorContract contract) {
      assertThat(acme.service()).isNotNull();
      return ContractTest.super.keepsTheContract(contract);
    }

    @Test
    void theContractHasTheConnectionOfTheTests(ConnectorContract contract) {
      List<ContractFinding> findings = contract.check();

      assertThat(findings).hasSize(ContractRule.values().length);
      assertThat(findings)
          .filteredOn(finding -> finding.rule() == ContractRule.RENEWAL)
          .extracting(ContractFinding::verdict)
          .containsExactly(ContractFinding.Verdict.HELD); // Of "none" it does not apply.
    }
  }

  @Test
  void saysWhatIsMissing() {
    ConnectorTest outside =
        ConnectorTest.of(acme("https://a.example").auth(AuthOption.none()).build());

    assertThatIllegalStateException()
        .isThrownBy(outside::service)
        .withMessageContaining("@RegisterExtension");
  }

  @Test
  void theContractIsThatOfOneConnector() {
    Connector one = acme("https://a.example").auth(AuthOption.none()).build();
    ConnectorProvider plugin = () -> List.of(one, one);
    ConnectorTest several = ConnectorTest.of(plugin);

    assertThatIllegalStateException()
        .isThrownBy(several::contract)
        .withMessageContaining("ConnectorContract.of(connector)");
  }
}

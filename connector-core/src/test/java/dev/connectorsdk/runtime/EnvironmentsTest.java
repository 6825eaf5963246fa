package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.DeploymentSettings;
import java.net.URI;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Public connectors are everywhere, custom ones in the environments they are registered in. */
class EnvironmentsTest extends HostTest {

  private static final Caller IN_PROD = ADA.principal().in("prod");
  private static final Caller IN_TEST = ADA.principal().in("test");
  private static final ConnectorId OFFICE = ConnectorId.of("office");
  private static final ConnectionReference MY_OFFICE =
      ConnectionReference.invoker("my-office", "office");
  private static final ConnectionSpec WITH_KEY =
      ConnectionSpec.of("office", "apiKey").secret("api_key", Secret.of("k3y"));
  private static final ConnectionSpec SIGN_IN = ConnectionSpec.of("office", "signIn");

  /** Returns a connector of this id whose service is below a path of its own. */
  private static Connector office(String id, String path) {
    String base = "http://localhost:" + service.port() + path;
    return Connector.builder(id, base)
        .titled("Office at " + path)
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(base + "/authorize", base + "/token")
                        .scopes("read"))
                .named("signIn"))
        .action(
            Action.builder("where", Effect.READ, Nothing.class, String.class)
                .run((in, call) -> call.http().get("/where").fetch(String.class)))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .connector(office("office", "/a"), "dev")
        .connector(office("office", "/b"), "prod");
  }

  private static void answer(String path) {
    service.stubFor(get(path + "/where").willReturn(okJson("\"" + path + "\"")));
    service.stubFor(post(path + "/token").willReturn(okJson("{\"access_token\":\"t\"}")));
  }

  @Test
  @DisplayName("7.1: custom connectors live in one environment")
  void callsGoToTheConnectorOfTheCallersEnvironment() {
    answer("/a");
    answer("/b");
    for (Caller caller : List.of(ADA, IN_PROD)) {
      runtime.connections().create(caller, WITH_KEY);
    }

    assertThat(runtime.invoke(ADA, MY_OFFICE, "where", Nothing.NOTHING).stringValue())
        .isEqualTo("/a");
    assertThat(runtime.invoke(IN_PROD, MY_OFFICE, "where", Nothing.NOTHING).stringValue())
        .isEqualTo("/b");
  }

  @Test
  void anActionOfAnotherEnvironmentsConnectorIsRefused() {
    runtime.connections().create(ADA, WITH_KEY);
    Action<?, ?> ofProd = runtime.connector(IN_PROD, OFFICE).action("where").orElseThrow();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> invoke(ofProd))
        .withMessageContaining("is not the one that connector 'office' was registered with");
    service.verify(0, getRequestedFor(urlEqualTo("/b/where")));
  }

  @SuppressWarnings("unchecked")
  private void invoke(Action<?, ?> action) {
    runtime.invoke(ADA, MY_OFFICE, (Action<Nothing, ?>) action, Nothing.NOTHING);
  }

  @Test
  void eachEnvironmentListsItsOwn() {
    assertThat(runtime.connectors(ADA))
        .extracting(Connector::title)
        .containsExactlyInAnyOrder("Tickets", "Office at /a");
    assertThat(runtime.connectors(IN_PROD))
        .extracting(Connector::title)
        .containsExactlyInAnyOrder("Tickets", "Office at /b");
    assertThat(runtime.connectors(IN_TEST)).extracting(Connector::title).containsExactly("Tickets");
    assertThat(runtime.connector(IN_PROD, OFFICE).title()).isEqualTo("Office at /b");
  }

  @Test
  void whereAConnectorIsNotTheErrorSaysWhatIs() {
    String problem = "No connector 'office'. Environment 'test' has [tickets].";
    List<Runnable> ways =
        List.of(
            () -> runtime.connector(IN_TEST, OFFICE),
            () -> runtime.connections().create(IN_TEST, WITH_KEY),
            () -> runtime.invoke(IN_TEST, MY_OFFICE, "where", Nothing.NOTHING),
            () -> runtime.references().resolve(IN_TEST, MY_OFFICE),
            () -> runtime.forms().input(IN_TEST, MY_OFFICE, "where", Nothing.NOTHING),
            () -> runtime.consents().beginDevice(IN_TEST, SIGN_IN));

    assertThat(ways)
        .allSatisfy(
            way ->
                assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(way::run)
                    .withMessageStartingWith(problem));
  }

  @Test
  @DisplayName("6.5, 7.1: connections and references live in one environment")
  void aConnectionOfOneEnvironmentServesNoReferenceInAnother() {
    Connection ofDev = runtime.connections().create(ADA, WITH_KEY);
    var shared = ConnectionReference.embedded("our-office", "office");

    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.references().bind(IN_PROD, shared, ofDev.id()));
    DeploymentSettings settings =
        DeploymentSettings.parse(
            "prod.json",
            """
            {"ConnectionReferences": [{"LogicalName": "our-office", "ConnectionId": "%s",
              "ConnectorId": "office"}]}
            """
                .formatted(ofDev.id()));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(IN_PROD, settings, List.of(shared)))
        .withMessageContaining("belongs to another environment");
  }

  @Test
  @Tag("H7")
  @DisplayName("H7: no custom connector takes the id of a public one")
  void noCustomConnectorTakesTheIdOfAPublicOne() {
    String problem =
        "A custom connector of [dev, prod] has the id 'tickets' of a public connector; give it"
            + " another id";
    Connector custom = office("tickets", "/evil");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().connector(custom, "prod", "dev").build())
        .withMessage(problem);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ConnectorRuntime.builder()
                    .connector(custom, "prod", "dev")
                    .connector(connector())
                    .build())
        .withMessage(problem);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(builder()).connector(office("office", "/c"), "test", "dev").build())
        .withMessage(
            "Two connectors have the id 'office' in environment 'dev'; register one of them");
  }

  @Test
  @Tag("H7")
  @DisplayName("H7: the client of a public connector never serves a custom one")
  void theClientOfAPublicConnectorNeverServesACustomOne() {
    RuntimeBuilder withoutThePublicOne =
        ConnectorRuntime.builder()
            .connector(office("tickets", "/evil"), "dev")
            .client("tickets", "signIn", CLIENT);

    assertThatIllegalArgumentException()
        .isThrownBy(withoutThePublicOne::build)
        .withMessage(
            "A client is registered for auth option 'signIn' of connector 'tickets', which is a"
                + " custom connector of [dev]: name those of them in which it has this client");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().client("tickets", "signIn", CLIENT, "dev").build())
        .withMessage(
            "A client is registered for auth option 'signIn' of connector 'tickets' in environment"
                + " 'dev', which is a public connector: register its client without an"
                + " environment");
  }

  @Test
  void eachEnvironmentSignsInWithItsOwnClient() {
    answer("/a");
    answer("/b");
    try (ConnectorRuntime own =
        with(builder())
            .client("office", "signIn", client("dev"), "dev")
            .client("office", "signIn", client("prod"), "prod")
            .build()) {
      for (Caller caller : List.of(ADA, IN_PROD)) {
        String environment = caller.environment().name();
        var pending = own.consents().begin(caller, SIGN_IN, "s");
        HttpUrl url = HttpUrl.get(pending.authorizationUrl());
        assertThat(url.queryParameter("client_id")).isEqualTo("client-of-" + environment);

        URI callback = SignIns.callback(redirectUri(environment), pending, "code=c");
        own.consents().complete(caller.principal(), callback, "s");
      }
    }
    service.verify(1, postRequestedFor(urlEqualTo("/a/token")));
    service.verify(1, postRequestedFor(urlEqualTo("/b/token")));
  }

  private static ClientRegistration client(String environment) {
    return ClientRegistration.of("client-of-" + environment, Secret.of("s3cret"))
        .redirectingTo(redirectUri(environment));
  }

  private static URI redirectUri(String environment) {
    return URI.create("https://app.test/callback/" + environment + "/office");
  }

  @ParameterizedTest
  @Tag("A4")
  @DisplayName("A4: the redirect URI of a custom connector names its environment")
  @ValueSource(
      strings = {"/callback/office", "/callback/dev", "/callback/prod/office", "/office/dev"})
  void theRedirectUriOfACustomConnectorNamesItsEnvironment(String path) {
    ClientRegistration client = CLIENT.redirectingTo(URI.create("https://app.test" + path));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(builder()).client("office", "signIn", client, "dev").build())
        .withMessageContaining("must name the connector, as in /callback/dev/office");
  }

  @Test
  void aCustomConnectorHasAtLeastOneEnvironment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().connector(office("office", "/a"), new String[0]))
        .withMessage("Name at least one environment, or leave the list out");
  }
}
